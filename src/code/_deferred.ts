// Copyright 2026 the pecapiku authors. MIT license.

import defer * as babel from "@babel/parser";
import defer * as eslintScope from "eslint-scope";

/** What takes long to load. It is loaded when a text is seen for the first time. */
export { babel, eslintScope };
