// Talks to the dashboard; a refusal becomes an error with the server's own sentence.

export class Refused extends Error {
  constructor(status, body) {
    super(body.detail ?? body.error ?? `The server answered ${status}; try again in a moment.`);
    this.status = status;
    this.body = body;
  }
}

const token = () => document.querySelector("meta[name=csrf-token]").content;

async function read(answer) {
  if (answer.redirected && answer.url.includes("/sign-in")) {
    throw new Refused(401, { detail: "You are signed out; sign in again in another tab, then go on here." });
  }
  const body = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : {};
  if (!answer.ok) throw new Refused(answer.status, body);
  return body;
}

export async function get(address, query = {}) {
  const url = new URL(address, location.href);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return read(await fetch(url, { headers: { Accept: "application/json" } }));
}

export async function post(address, body, more = {}) {
  const form = body instanceof FormData;
  return read(await fetch(address, {
    method: "POST", body: form ? body : JSON.stringify(body),
    headers: { Accept: "application/json", "X-CSRFToken": token(), ...(form ? {} : { "Content-Type": "application/json" }) },
    ...more,
  }));
}
