// Copyright 2026 the pecapiku authors. MIT license.

import type { CodeIdentity, CodePart } from "./function_code.ts";
import type { Linked, Node } from "./_linked.ts";
import { textDigest } from "./text_digest.ts";

/** The version of how identities are made of units. */
const VERSION = 1;

/**
 * Makes the identity of what was reached.
 *
 * @param linked What was reached.
 * @param refusal Why results can never be kept.
 * @returns The identity.
 */
export function identityOf(linked: Linked, refusal: string | undefined): CodeIdentity {
  const { form, nodes, unseen } = linked;
  const contents = nodes.map((node) => contentOf(node, form));
  return {
    digest: textDigest(JSON.stringify([VERSION, form, contents])),
    parts: partsOf(nodes, form),
    unseen,
    readsFunctions: nodes.some(({ unit }) =>
      unit !== undefined && (unit.readsTextOfValues || unit.readsText || unit.readsNames)
    ),
    refusal,
  };
}

function contentOf({ unit, name, content }: Node, form: Linked["form"]): unknown[] {
  return [unit?.[form] ?? null, form === "normal" ? "" : name, ...content];
}

// One part for all that has one name; without numbers, which say how parts hang together.
function partsOf(nodes: readonly Node[], form: Linked["form"]): CodePart[] {
  const groups = new Map<string, { kind: CodePart["kind"]; own: unknown[] }>();
  for (const node of nodes) {
    const kind = node.kind === "effect" ? "code" : node.kind;
    let group = groups.get(node.label);
    if (group === undefined) groups.set(node.label, group = { kind, own: [] });
    group.own.push(
      node.unit?.[form] ?? (kind === "code" ? null : node.content),
      node.content.filter((item) => typeof item === "string"),
    );
  }
  return [...groups].map(([name, { kind, own }]) => ({
    kind,
    name,
    digest: textDigest(JSON.stringify(own)),
  }));
}
