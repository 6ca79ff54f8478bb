// Copyright 2026 the pecapiku authors. MIT license.

import defer * as streams from "./_cached_streams.ts";
import defer * as figures from "./_figures.ts";
import defer * as streamEntries from "./stream_entries.ts";

/** What few programs or calls need. It is loaded at the first use of one of its names. */
export { figures, streamEntries, streams };
