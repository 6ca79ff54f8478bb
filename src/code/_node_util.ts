// Copyright 2026 the pecapiku authors. MIT license.

import defer * as nodeUtil from "node:util";

/** Node's `util`. It is loaded at the first use of one of its names. */
export { nodeUtil };
