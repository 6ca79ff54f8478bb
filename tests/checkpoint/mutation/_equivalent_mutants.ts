// Copyright 2026 the pecapiku authors. MIT license.

/** A mutant that is the same function as before: somebody has looked at it. */
export interface EquivalentMutant {
  /** The package. */
  readonly from: string;
  /** The function in it. */
  readonly name: string;
  /** The change, as `describeMutant` gives it. */
  readonly mutation: string;
  /** Why it changes nothing. */
  readonly reason: string;
}

const AFTER_RETURN =
  "The branch before `else` ends in a return: what was behind `else` is reached as often without it.";

/** All of them. One that is no stale hit any more is to be taken out. */
export const EQUIVALENT_MUTANTS: readonly EquivalentMutant[] = [
  {
    from: "date-fns@4.4.0",
    name: "formatDistance",
    mutation: "ElseWordDrop 44:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "date-fns@4.4.0",
    name: "formatDistance",
    mutation: "ElseWordDrop 33:8 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "date-fns@4.4.0",
    name: "formatDistance",
    mutation: "ElseWordDrop 47:8 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "date-fns@4.4.0",
    name: "formatDistance",
    mutation: "ElseWordDrop 97:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "date-fns@4.4.0",
    name: "getISOWeekYear",
    mutation: "ElseWordDrop 17:4 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "date-fns@4.4.0",
    name: "getWeekYear",
    mutation: "ElseWordDrop 25:4 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "es-toolkit@1.53.2",
    name: "median",
    mutation: "ElseWordDrop 5:90 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "fraction.js@5.3.4",
    name: "Fraction.prototype.pow",
    mutation: "ElseWordDrop 11:8 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "luxon@3.7.2",
    name: "DateTime.prototype.offsetNameShort",
    mutation: "ElseWordDrop 7:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "luxon@3.7.2",
    name: "DateTime.prototype.offsetNameLong",
    mutation: "ElseWordDrop 7:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "luxon@3.7.2",
    name: "DateTime.prototype.isInDST",
    mutation: "ElseWordDrop 4:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "luxon@3.7.2",
    name: "DateTime.fromFormat",
    mutation: "ElseWordDrop 15:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "luxon@3.7.2",
    name: "DateTime.fromFormatParser",
    mutation: "ElseWordDrop 25:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "luxon@3.7.2",
    name: "Duration.fromISO",
    mutation: "ElseWordDrop 5:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "luxon@3.7.2",
    name: "Duration.fromISOTime",
    mutation: "ElseWordDrop 5:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "luxon@3.7.2",
    name: "FixedOffsetZone.prototype.ianaName",
    mutation: "ElseWordDrop 4:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "luxon@3.7.2",
    name: "Interval.prototype.intersection",
    mutation: "ElseWordDrop 8:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "luxon@3.7.2",
    name: "Interval.fromDateTimes",
    mutation: "ElseWordDrop 12:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "luxon@3.7.2",
    name: "Interval.merge",
    mutation: "ElseWordDrop 8:12 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "luxon@3.7.2",
    name: "Interval.merge > 5:9",
    mutation: "ElseWordDrop 4:12 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "radash@12.1.1",
    name: "fork",
    mutation: "ElseWordDrop 9:8 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "radash@12.1.1",
    name: "fork > 5:5",
    mutation: "ElseWordDrop 5:8 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "simple-statistics@7.12.1",
    name: "PerceptronModel.prototype.predict",
    mutation: "ElseWordDrop 19:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "simple-statistics@7.12.1",
    name: "cumulativeStdNormalProbability",
    mutation: "ElseWordDrop 18:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "simple-statistics@7.12.1",
    name: "erf",
    mutation: "ElseWordDrop 24:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "simple-statistics@7.12.1",
    name: "gamma",
    mutation: "ElseWordDrop 6:10 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "simple-statistics@7.12.1",
    name: "inverseErrorFunction",
    mutation: "ElseWordDrop 14:6 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "simple-statistics@7.12.1",
    name: "sign",
    mutation: "ElseWordDrop 5:10 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "zod@4.6.7",
    name: "core._stringbool",
    mutation: "ElseWordDrop 45:14 else → nothing",
    reason: AFTER_RETURN,
  },
  {
    from: "zod@4.6.7",
    name: "core._stringbool > 42:28",
    mutation: "ElseWordDrop 4:14 else → nothing",
    reason: AFTER_RETURN,
  },
];
