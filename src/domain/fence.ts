/** The right to write as the runtime, until the epoch is raised again. */
export type Fence = { epoch: number };

export class StaleEpoch extends Error {
  override readonly name = 'StaleEpoch';
}
