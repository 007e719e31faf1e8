/** Thrown where a process dies. Nothing of that process does anything afterwards. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** Whether one process still lives, and where it dies. */
export type Mortality = {
  readonly isDead: boolean;
  /** A place where the process may die. Throws `Crash` when it does, and ever after. */
  pass(point: string): void;
};

export function buildMortality(diesAt: (point: string) => boolean): Mortality {
  let isDead = false;
  return {
    get isDead() {
      return isDead;
    },
    pass(point) {
      isDead ||= diesAt(point);
      if (isDead) throw new Crash(point);
    },
  };
}

/** Dies once, at the `nth` pass of a point that is meant; what comes after it lives. */
export function dieOnce(isMeant: (point: string) => boolean, nth = 1): (point: string) => boolean {
  let passes = 0;
  return (point) => {
    if (!isMeant(point)) return false;
    passes += 1;
    return passes === nth;
  };
}

/** The same object, every asynchronous method of which the process may die before and after. */
export function makeMortal<T extends object>(target: T, { pass }: Mortality): T {
  return new Proxy(target, {
    get(object, property) {
      const value: unknown = Reflect.get(object, property);
      if (typeof value !== 'function' || property === 'readDataVersion') return value;
      return async (...given: unknown[]) => {
        pass(`before ${String(property)}`);
        const result: unknown = await Reflect.apply(value, object, given);
        pass(`after ${String(property)}`);
        return result;
      };
    },
  });
}
