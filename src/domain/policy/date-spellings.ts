const months = 'january february march april may june july august september october november december'.split(
  ' ',
);

/** The usual ways to write a date that is stored as `1987-04-12`; none for anything else. */
export function spellDates(value: string): string[] {
  const match = /^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\s*$/.exec(value);
  const [, year = '', month = '', day = ''] = match ?? [];
  const monthName = months[Number(month) - 1];
  if (!match || monthName === undefined) return [];
  const days = both(day);
  const names = [monthName, monthName.slice(0, 3)];
  return days.flatMap((d) => [
    ...both(month).flatMap((m) => [`${d} ${m} ${year}`, `${m} ${d} ${year}`, `${year} ${m} ${d}`]),
    ...names.flatMap((name) =>
      ['', 'st', 'nd', 'rd', 'th'].flatMap((suffix) => [
        `${d}${suffix} ${name} ${year}`,
        `${d}${suffix} of ${name} ${year}`,
        `${name} ${d}${suffix} ${year}`,
      ]),
    ),
  ]);
}

function both(digits: string): string[] {
  return [...new Set([String(Number(digits)), digits.padStart(2, '0')])];
}
