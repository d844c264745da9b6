const password = "correct horse battery staple";

/** Cookies of somebody who is logged in. */
export type Session = string;

/** Completes WordPress' own installation page, as an owner does on the first visit. */
export async function installSite(url: string): Promise<void> {
  const page = await send(`${url}/wp-admin/install.php?step=2`, {
    weblog_title: "Lab",
    user_name: "owner",
    admin_password: password,
    admin_password2: password,
    pw_weak: "on",
    admin_email: "owner@example.org",
    blog_public: "0",
  });
  const text = await page.text();
  if (!text.includes("Success")) throw new Error(`The installation page answered:\n${text}`);
}

/** Logs in on the login page. */
export async function logIn(url: string): Promise<Session> {
  const answer = await send(
    `${url}/wp-login.php`,
    { log: "owner", pwd: password, testcookie: "1" },
    "wordpress_test_cookie=WP%20Cookie%20check",
  );
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
  if (!cookies.some((cookie) => cookie.startsWith("wordpress_logged_in_")))
    throw new Error(`The login page set no session: ${cookies.join(" ")}\n${await answer.text()}`);
  return cookies.join("; ");
}

/** Publishes a post through the REST interface, as the editor page does. Returns its number. */
export async function writePost(url: string, session: Session, title: string): Promise<number> {
  const nonce = await fetch(`${url}/wp-admin/admin-ajax.php?action=rest-nonce`, {
    headers: { cookie: session },
  });
  const answer = await fetch(`${url}/?rest_route=/wp/v2/posts`, {
    method: "POST",
    headers: {
      cookie: session,
      "content-type": "application/json",
      "x-wp-nonce": (await nonce.text()).trim(),
    },
    body: JSON.stringify({ title, content: title, status: "publish" }),
  });
  if (!answer.ok)
    throw new Error(`The post was refused (${answer.status}): ${await answer.text()}`);
  return ((await answer.json()) as { id: number }).id;
}

/** Reads the post's page as a visitor; while the database is coming back, asks again for up to four minutes. */
export async function readPost(url: string, post: number): Promise<string> {
  const limit = AbortSignal.timeout(240_000);
  for (;;) {
    const answer = await fetch(`${url}/?p=${post}`, { signal: limit }).catch((error: unknown) => {
      if (limit.aborted) throw error;
      return undefined;
    });
    if (answer?.ok) return answer.text();
    await new Promise((resolve) => setTimeout(resolve, 1000)); // nothing announces a database from outside
  }
}

function send(url: string, form: Record<string, string>, cookie = ""): Promise<Response> {
  return fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { cookie },
    body: new URLSearchParams(form),
  });
}
