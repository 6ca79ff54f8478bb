// Copyright 2026 the pecapiku authors. MIT license.

// Runs in the browser: see `_assets.ts` for what may be in here.

/**
 * Makes an element. Text is only ever set as text.
 *
 * @param {string} tag Its name.
 * @param {object} properties Attributes by name; functions are listeners for events; what is `undefined` or `false` is left out.
 * @param {...(Node | string)} children What is in it.
 * @returns {Element} The element.
 */
export function element(tag, properties = {}, ...children) {
  const isDrawn = ["svg", "g", "rect", "text", "title"].includes(tag);
  const made = isDrawn
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(...children);
  return made;
}

/** The element of an id. */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Makes all characters of a text visible that would do something instead: controls, such as those of terminals, what turns the direction of
 * text, and what has no width.
 */
export function visible(text, keepsLines = false) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0);
    // These join letters and emoji.
    if (code === 0x200c || code === 0x200d) return character;
    if (keepsLines && (character === "\n" || character === "\t")) return character;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return "\u2421";
    return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, "0")}\u27e9`;
  });
}

/** A number with thousands apart. */
export function formatCount(count) {
  return count.toLocaleString("en");
}

/** A number of things. */
export function formatPlural(count, one, many) {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A time, to the second. */
export function formatTime(time) {
  // There are times that no date has.
  if (time === null || Math.abs(time) > 8.64e15) return "unknown";
  return new Date(time).toLocaleString("sv");
}

/**
 * Asks the server for something.
 *
 * @param {string} name What for.
 * @param {object} parameters Parameters by name; what is `undefined` or `false` is left out.
 * @returns {Promise<any>} The answer; it has `reading` while the store is read for the first time.
 */
export async function ask(name, parameters = {}) {
  const url = new URL(`api/${name}`, location.href);
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== false) url.searchParams.set(key, value);
  }
  return await answerOf(fetch(url));
}

/** Has the server delete entries. */
export async function askToDelete(digests) {
  return await answerOf(fetch("api/delete", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ digests }),
  }));
}

/** What the server says, or the error that it says. */
export async function answerOf(promise) {
  let response;
  try {
    response = await promise;
  } catch {
    throw new Error("The server does not answer: has it been stopped?");
  }
  if (!(response.headers.get("content-type") ?? "").startsWith("application/json")) {
    throw new Error("This is not the server of this page any longer");
  }
  const data = await response.json();
  if (!response.ok) throw new Error(data.error);
  return data;
}
