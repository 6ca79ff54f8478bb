// Copyright 2026 the pecapiku authors. MIT license.

import type { CanonicalWriter } from "./_canonical_writer.ts";
import { uncurry } from "./_primordials.ts";

type Write = (writer: CanonicalWriter, value: object) => void;

// With its calendar, the ISO text of a plain value holds all of it; also the hidden day of a year and month.
const withCalendar = Object.freeze({ __proto__: null, calendarName: "always" });

function asText(prototype: object): Write {
  const toString = uncurry<string>(prototype, "toString");
  return (writer, value) => writer.string(toString(value, withCalendar));
}

// To touch Temporal takes longer than to load all of this package's keys: so only when there is a value of it.
function makeWriters(): Readonly<Record<string, Write>> {
  const instantNanoseconds = uncurry<bigint>(Temporal.Instant.prototype, "epochNanoseconds");
  const zonedNanoseconds = uncurry<bigint>(Temporal.ZonedDateTime.prototype, "epochNanoseconds");
  const zonedTimeZone = uncurry<string>(Temporal.ZonedDateTime.prototype, "timeZoneId");
  const zonedCalendar = uncurry<string>(Temporal.ZonedDateTime.prototype, "calendarId");
  // The text of a duration adds its fractions of a second up, so that 1,000 ms look like 1 s.
  const durationFields = DURATION_FIELDS.map((name) =>
    uncurry<number>(Temporal.Duration.prototype, name)
  );
  return {
    Duration: (writer, value) => {
      for (const field of durationFields) writer.number(field(value));
    },
    Instant: (writer, value) => writer.bigint(instantNanoseconds(value)),
    PlainDate: asText(Temporal.PlainDate.prototype),
    PlainDateTime: asText(Temporal.PlainDateTime.prototype),
    PlainMonthDay: asText(Temporal.PlainMonthDay.prototype),
    PlainTime: asText(Temporal.PlainTime.prototype),
    PlainYearMonth: asText(Temporal.PlainYearMonth.prototype),
    ZonedDateTime: (writer, value) => {
      writer.bigint(zonedNanoseconds(value));
      writer.string(zonedTimeZone(value));
      writer.string(zonedCalendar(value));
    },
  };
}

const DURATION_FIELDS = [
  "years",
  "months",
  "weeks",
  "days",
  "hours",
  "minutes",
  "seconds",
  "milliseconds",
  "microseconds",
  "nanoseconds",
];

let writers: Readonly<Record<string, Write>> | undefined;

/**
 * Writes a Temporal value.
 *
 * @param writer Where to write it.
 * @param name The name of its class.
 * @param value The value.
 * @throws {TypeError} If it is no such value.
 */
export function writeTemporal(writer: CanonicalWriter, name: string, value: object): void {
  writer.string(name);
  writers ??= makeWriters();
  writers[name]!(writer, value);
}
