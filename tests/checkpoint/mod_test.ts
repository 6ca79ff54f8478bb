// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import * as mod from "@pecapiku/cache/checkpoint";
import { CacheError, CheckpointFailedError, NoCache } from "@pecapiku/cache";
import type {
  Cache,
  CheckpointDecorator,
  CheckpointDefaults,
  CheckpointedFunction,
  CheckpointHandles,
  CheckpointOptions,
  ContextId,
  DecoratorCheckpointOptions,
  ExplainedChange,
  ExplainedKind,
  ExplainedPart,
  Explanation,
  FileCacheOptions,
  FunctionCallContext,
  FunctionCallIdentifier,
  RerunnableFunction,
} from "@pecapiku/cache/checkpoint";

Deno.test("checkpoint/mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(mod).sort(), [
    "AutoFunctionCallIdentifier",
    "CacheError",
    "CheckpointFailedError",
    "CheckpointNotExist",
    "DecoratorCheckpoint",
    "DefaultExpression",
    "ExpensiveOverheadWarning",
    "FileCache",
    "InMemoryLruCache",
    "NoCache",
    "UncacheableKeyError",
    "UncacheableValueError",
    "checkpoint",
    "defaults",
  ]);
});

Deno.test("checkpoint/mod.ts exports the same errors and marker as mod.ts", () => {
  assertEquals(
    [mod.CacheError, mod.CheckpointFailedError, mod.NoCache],
    [CacheError, CheckpointFailedError, NoCache],
  );
});

Deno.test("checkpoint/mod.ts exports the types of what its options take and its functions give", () => {
  type All = [
    Cache<ContextId>,
    CheckpointDecorator,
    CheckpointDefaults,
    CheckpointedFunction<() => 1>,
    CheckpointHandles<() => 1>,
    CheckpointOptions,
    DecoratorCheckpointOptions,
    ExplainedChange,
    ExplainedKind,
    ExplainedPart,
    Explanation,
    FileCacheOptions,
    FunctionCallContext,
    FunctionCallIdentifier,
    RerunnableFunction<() => 1>,
  ];
  const all: Partial<All> = [];
  assertEquals(all.length, 0);
});
