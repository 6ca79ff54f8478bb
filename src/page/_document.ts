// Copyright 2026 the pecapiku authors. MIT license.

/** The page, before there is anything in it. */
export const DOCUMENT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>pecapiku</title>
<link rel="icon" type="image/svg+xml" href="icon.svg">
<link rel="stylesheet" href="page.css">
<script src="page.js" defer></script>
</head>
<body>
<header>
<div>
<h1><bdi id="name">Cache</bdi></h1>
<p class="quiet path"><bdi id="location"></bdi></p>
</div>
<p id="summary" role="status">Reading</p>
<p class="quiet">
<span id="read-at"></span>
<button id="refresh" type="button">Refresh</button>
<button id="check" type="button" hidden>Check the file for damage</button>
<span id="said" role="status"></span>
</p>
</header>
<p id="problem" class="banner" role="alert" hidden></p>
<section id="damage" class="banner" aria-label="Damage" hidden>
<strong>The file is damaged. What is left of it can be used.</strong>
<ul id="findings"></ul>
</section>
<p id="unread" class="banner" hidden></p>
<noscript><p class="banner">This page needs JavaScript.</p></noscript>
<main>
<section id="sizes" aria-label="Sizes" hidden><div id="map"></div></section>
<section aria-label="Entries">
<div id="toolbar">
<input id="search" type="search" placeholder="Search keys and functions" aria-label="Search keys and functions" maxlength="1000" autocomplete="off" spellcheck="false">
<button id="filter" type="button" hidden aria-label="Show all functions">only <bdi id="filter-name"></bdi> <span aria-hidden="true">✕</span></button>
<label id="parts" hidden><input id="with-parts" type="checkbox"> <span id="parts-label"></span></label>
<button id="delete-selected" type="button" class="danger" disabled>Delete</button>
</div>
<table>
<thead>
<tr>
<th class="select"><input id="select-all" type="checkbox" aria-label="Select all on this page"></th>
<th class="key" data-sort="key" aria-sort="none"><button type="button">Key</button></th>
<th class="function" data-sort="function" aria-sort="none"><button type="button">Function</button></th>
<th class="number" data-sort="size" aria-sort="none"><button type="button">Size</button></th>
<th class="number" data-sort="written" aria-sort="none"><button type="button">Age</button></th>
<th class="number duration" data-sort="duration" aria-sort="none"><button type="button">Took</button></th>
</tr>
</thead>
<tbody id="rows"></tbody>
</table>
<p id="nothing" class="quiet" hidden></p>
<nav id="pager" aria-label="Pages" hidden>
<button id="first" type="button">First</button>
<button id="previous" type="button">Previous</button>
<span id="range" role="status"></span>
<button id="next" type="button">Next</button>
<button id="last" type="button">Last</button>
</nav>
</section>
</main>
<dialog id="details" aria-labelledby="details-key">
<div id="details-body">
<h2><bdi id="details-key"></bdi></h2>
<dl id="details-fields"></dl>
<p id="details-note" class="quiet"></p>
<pre id="details-value" tabindex="0" dir="auto"></pre>
</div>
<div class="buttons">
<button id="details-delete" type="button" class="danger">Delete</button>
<button id="details-close" type="button" autofocus>Close</button>
</div>
</dialog>
<dialog id="confirm" aria-labelledby="confirm-question">
<form method="dialog">
<h2 id="confirm-question"></h2>
<p>This can't be undone. Results of functions are computed again when they are needed.</p>
<div class="buttons">
<button value="delete" class="danger">Delete</button>
<button value="" autofocus>Cancel</button>
</div>
</form>
</dialog>
</body>
</html>
`;

/** The page's icon. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<rect width="16" height="16" rx="3" fill="#2f6f8f"/>
<path d="M3 3h6v10H3zM10 3h3v4h-3zM10 8h3v5h-3z" fill="#fff"/>
</svg>
`;
