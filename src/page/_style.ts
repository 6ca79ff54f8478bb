// Copyright 2026 the pecapiku authors. MIT license.

/** How the page looks. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1c2227, #e4e8eb);
  --quiet: light-dark(#5b6770, #9aa6af);
  --back: light-dark(#ffffff, #14181b);
  --raised: light-dark(#f3f6f8, #1e2428);
  --line: light-dark(#d8dfe4, #333c43);
  --accent: light-dark(#1f6487, #7cc3e4);
  --danger: light-dark(#b3261e, #ff9a91);
  --warn-back: light-dark(#fff4d6, #3a2f10);
  --warn-line: light-dark(#d9a400, #8a6d14);
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0 auto;
  max-width: 90rem;
  padding: 1rem clamp(0.75rem, 3vw, 2rem) 3rem;
  background: var(--back);
  color: var(--text);
  font: 15px/1.45 system-ui, sans-serif;
}
h1 { margin: 0; font-size: 1.35rem; overflow-wrap: anywhere; }
h2 { margin: 0 0 0.75rem; font-size: 1.05rem; overflow-wrap: anywhere; }
header p { margin: 0.15rem 0; }
.quiet { color: var(--quiet); font-size: 0.87rem; }
.path { overflow-wrap: anywhere; }
.banner {
  margin: 0.75rem 0;
  padding: 0.6rem 0.8rem;
  background: var(--warn-back);
  border: 1px solid var(--warn-line);
  border-radius: 6px;
  overflow-wrap: anywhere;
}
.banner ul { margin: 0.3rem 0 0; padding-inline-start: 1.2rem; }

button, input[type="search"] {
  font: inherit;
  color: inherit;
  background: var(--raised);
  border: 1px solid var(--line);
  border-radius: 6px;
  padding: 0.3rem 0.7rem;
}
button { cursor: pointer; }
button:hover:enabled { border-color: var(--accent); }
button:disabled { opacity: 0.5; cursor: default; }
button.danger { color: var(--danger); }
button.due { border-color: var(--accent); color: var(--accent); }
button.link { border: 0; background: none; padding: 0; text-align: start; border-radius: 2px; }
button.link:hover { text-decoration: underline; }
header .quiet button { padding: 0.1rem 0.5rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }

#sizes { margin-top: 1rem; }
#map svg { display: block; max-width: 100%; height: auto; }
#map text { font: 11px system-ui, sans-serif; fill: var(--text); pointer-events: none; }
#map .head text { font-weight: 600; }
#map rect { fill: var(--tone); }
#map .head rect { fill: transparent; }
#map .head[role="button"] { cursor: pointer; }
#map .head[role="button"]:hover text { text-decoration: underline; }
#map .head:focus-visible { outline: none; }
#map .head:focus-visible rect { stroke: var(--accent); stroke-width: 2; }
#map .leaf[data-digest] { cursor: pointer; }
#map .leaf[data-digest]:hover rect { stroke: var(--accent); stroke-width: 2; }
#map .several rect { opacity: 0.55; }
.group-0 { --tone: light-dark(#bcdcec, #24506a); }
.group-1 { --tone: light-dark(#f3d9ae, #66491a); }
.group-2 { --tone: light-dark(#c9e4c1, #33562b); }
.group-3 { --tone: light-dark(#e6cdea, #5a3a62); }
.group-4 { --tone: light-dark(#f4cdc6, #6b3830); }
.group-5 { --tone: light-dark(#c5e5df, #225750); }
.group-6 { --tone: light-dark(#d5d3ee, #403d70); }
.group-7 { --tone: light-dark(#e4e2b8, #54521f); }
.other { --tone: light-dark(#dde3e7, #3a4349); }

#toolbar {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.6rem;
  padding: 1rem 0 0.5rem;
}
#search { flex: 1 1 16rem; min-width: 0; background: var(--back); }
#filter { max-width: 20rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#delete-selected { margin-inline-start: auto; }
.read-only .danger, .read-only .select { display: none; }

table { width: 100%; border-collapse: collapse; table-layout: fixed; }
thead { position: sticky; top: 0; background: var(--back); z-index: 1; }
th { text-align: start; padding: 0; border-bottom: 2px solid var(--line); }
th button { width: 100%; border: 0; background: none; text-align: start; font-weight: 600; padding: 0.4rem 0.5rem; }
th.number button { text-align: end; }
th[aria-sort="ascending"] button::after { content: " ▲"; font-size: 0.7em; }
th[aria-sort="descending"] button::after { content: " ▼"; font-size: 0.7em; }
td { padding: 0.3rem 0.5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:hover { background: var(--raised); }
.select { width: 2.2rem; text-align: center; }
.function { width: 16%; overflow-wrap: anywhere; }
.number { width: 6.5rem; text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
td .link { display: block; max-width: 100%; }
td.key .link { font: 0.87rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
td.key .link bdi { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; line-clamp: 2; overflow: hidden; }
#nothing { padding: 1.5rem; text-align: center; }
#pager { display: flex; flex-wrap: wrap; align-items: center; justify-content: center; gap: 0.5rem; padding: 0.8rem 0; }
#range { min-width: 12rem; text-align: center; font-variant-numeric: tabular-nums; }

dialog {
  width: min(56rem, calc(100vw - 1.5rem));
  max-height: calc(100vh - 2rem);
  padding: 0;
  color: var(--text);
  background: var(--back);
  border: 1px solid var(--line);
  border-radius: 10px;
}
dialog[open] { display: flex; flex-direction: column; }
dialog::backdrop { background: rgb(0 0 0 / 45%); }
#confirm { width: min(26rem, calc(100vw - 1.5rem)); }
#confirm form { padding: 1rem 0 0; }
#confirm h2, #confirm p { padding-inline: 1.1rem; }
#details-body { overflow: auto; padding: 1.1rem 1.1rem 0; }
#details h2 { font-family: ui-monospace, monospace; max-height: 12rem; overflow: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0 0 0.75rem; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
pre {
  margin: 0 0 1rem;
  padding: 0.75rem;
  background: var(--raised);
  border: 1px solid var(--line);
  border-radius: 6px;
  font: 0.85rem/1.5 ui-monospace, monospace;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.buttons { display: flex; justify-content: flex-end; gap: 0.5rem; padding: 0.75rem 1.1rem; border-top: 1px solid var(--line); }

@media (max-width: 42rem) {
  .function, .duration { display: none; }
  .number { width: 4.6rem; }
  th button, td { padding-inline: 0.3rem; }
  #range { order: -1; width: 100%; }
}
`;
