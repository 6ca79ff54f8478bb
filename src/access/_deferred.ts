// Copyright 2026 the pecapiku authors. MIT license.

import defer * as figures from "./_figures.ts";

/** What few calls need. It is loaded at the first use of one of its names. */
export { figures };
