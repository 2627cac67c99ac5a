// The simulator's own interface, and the bell that rings when something on the line has changed.

export const words = JSON.parse(document.getElementById("words").textContent);

const people = JSON.parse(document.getElementById("people").textContent);

// What to call a phone: its name in the phonebook, else its number, each kept apart from the text around it.
export function nameOf(number) {
  return people[number] ? `\u2068${people[number]}\u2069` : `\u2066${number}\u2069`;
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export async function ask(method, path, body) {
  const options = { method, headers: { "Content-Type": "application/json" } };
  if (body !== undefined) options.body = JSON.stringify(body);
  const reply = await fetch(path, options);
  if (!reply.ok) {
    const explained = await reply.json().catch(() => ({}));
    throw new Error(explained.error || `${reply.status}`);
  }
  return reply.status === 204 ? null : reply.json();
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Calls `look` now and after every change on the line, for as long as the page is open.
export async function watch(look) {
  const connection = document.getElementById("connection");
  let version = -1;
  for (;;) {
    try {
      version = (await ask("GET", `/sim/events?after=${version}`)).version;
      await look();
      connection.textContent = "";
      await pause(120); // several changes in one moment need one look
    } catch (error) {
      connection.textContent = words.connection_lost;
      await pause(2000);
    }
  }
}

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
