// Who is signed in, and the token of their forms. It is asked when an answer was odd: whether
// the server is well, and still takes this tablet's scans for those of the person on the page.
const URL = "/tablet/session";
const PATIENCE = 8000; // milliseconds

const meta = document.querySelector("meta[name=csrf]");

export const token = () => meta.content;

// "well", "signed out", "other person", or "" where nobody of ours answers.
export async function askSession() {
  try {
    const headers = { "HX-Request": "true" };
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(URL, { headers, signal, redirect: "manual" });
    if (answer.status === 401) return "signed out";
    if (!answer.ok) return "";
    const { person, csrf } = await answer.json();
    if (!person || !csrf) return "";
    if (String(person) !== document.body.dataset.person) return "other person";
    meta.content = csrf;
    return "well";
  } catch {
    return "";
  }
}
