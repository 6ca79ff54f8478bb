// Copyright 2026 the pecapiku authors. MIT license.

/**
 * A dictionary in a file: what is in it is there in the next run, typed arrays as typed arrays.
 *
 * ```sh
 * deno run --allow-read --allow-write examples/transpose.ts
 * ```
 *
 * @module
 */

import { CacheDict, NoCache } from "@pecapiku/cache";

interface Matrix {
  rows: number;
  columns: number;
  cells: Float64Array;
}

function transpose({ rows, columns, cells }: Matrix): Matrix {
  const turned = new Float64Array(cells.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = cells[row * columns + column]!;
    }
  }
  return { rows: columns, columns: rows, cells: turned };
}

{
  using cache = new CacheDict<Matrix>("example.cache");
  const x: Matrix = { rows: 2, columns: 2, cells: new Float64Array([1, 2, 3, 4]) };
  let turned = cache.get("x transposed"); // Look in the cache first,
  if (turned instanceof NoCache) { // and when it is not there,
    console.log("computing");
    turned = transpose(x); // evaluate it,
    cache.set("x transposed", turned); // and put it in the cache.
  }
  console.log(cache);
} // Here, all changes are committed together.
