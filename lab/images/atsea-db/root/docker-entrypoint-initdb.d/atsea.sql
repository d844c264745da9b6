CREATE TABLE product
  (productid serial PRIMARY KEY, description text, image text, name text, price numeric(10, 2) NOT NULL);
INSERT INTO product (name, description, image, price) VALUES
  ('Unusable Security', 'A lock without a key.', '/images/1.png', 25),
  ('More Turtles', 'Turtles, all the way down.', '/images/2.png', 25),
  ('Blockchain Whale', 'A whale in blocks.', '/images/3.png', 25),
  ('Containers at Sea', 'A ship that is full.', '/images/4.png', 25),
  ('Captain''s Log', 'Lines of what went on.', '/images/5.png', 25),
  ('Anchor of the File', 'Used once, merged often.', '/images/6.png', 25),
  ('Swarm in a Bottle', 'Seven managers, tightly packed.', '/images/7.png', 25),
  ('Gordon''s Shell', 'A place to live in.', '/images/8.png', 25),
  ('DockerCon Copenhagen', 'A city at the sea.', '/images/9.png', 25);
