/** One station of the pipeline. */
export type Stage = {
  name: string;
  /** Does one unit of what is due. False when nothing was. Safe to call at any time, in any order. */
  tick(): Promise<boolean>;
};

/** Called at named points between a write and the next effect. Tests crash the process there. */
export type Failpoint = (name: string) => void;
