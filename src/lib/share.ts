/** `70 %` of 0.7. Never rounded up, so that what is just below a limit does not read as if it met it. */
export function formatShare(share: number): string {
  return `${Math.floor(share * 100 + 1e-9)} %`;
}
