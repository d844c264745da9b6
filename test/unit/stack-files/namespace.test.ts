import { declare } from "../../../stack-files/convert";
import { readStackFiles } from "../../../stack-files/read";

const file = `
services:
  web:
    image: nginx
    labels: { a: "1" }
    networks: [front]
    volumes: [data:/data]
    configs: [page]
  alone:
    image: busybox
networks: { front: { attachable: true } }
volumes: { data: { driver: nfs } }
configs: { page: { content: x } }
`;

function declared(namespace: boolean) {
  const { model } = readStackFiles({
    files: ["stack.yml"],
    disk: { home: "/", read: () => Buffer.from(file) },
    variables: {},
    environment: {},
    profiles: [],
  });
  if (model === undefined) throw new Error("the file cannot be read");
  return declare(model, { name: "shop", namespace }).declaration;
}

describe("a stack without a namespace", () => {
  it("has the names of its files, and nothing that they do not say", () => {
    const { services, networks, configs } = declared(false);
    expect(services.web?.args).toEqual({
      name: "web",
      image: "nginx",
      containerLabels: { a: "1" },
      networks: [{ target: "front" }],
      mounts: [{ type: "volume", source: "data", target: "/data", volumeDriver: "nfs" }],
      configs: [{ source: "page", target: "page" }],
    });
    expect(services.alone?.args).toEqual({ name: "alone", image: "busybox" });
    expect(networks).toEqual({ front: { args: { name: "front", attachable: true } } });
    expect(configs).toEqual({ page: { args: { name: "page", value: "x" } } });
  });

  it("is another one than a stack of Docker's", () => {
    const { services, networks } = declared(true);
    expect(services.web?.args.name).toBe("shop_web");
    expect(services.web?.args.labels).toHaveProperty(["com.docker.stack.namespace"], "shop");
    expect(Object.keys(networks).sort()).toEqual(["default", "front"]);
  });
});
