/** `$0.0123` of 12,300 micro-dollars: four decimals, rounded up, so that what cost anything never reads as nothing. */
export function formatMicros(micros: number): string {
  return `$${(Math.ceil(micros / 100) / 10_000).toFixed(4)}`;
}
