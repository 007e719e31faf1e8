import type { Face } from '../runtime/face.ts';
import type { CommandCall } from './io.ts';

/** Opens the data folder for one short command and lets go of it whatever happens. It does not stand for election. */
export async function withFace<T>({ config, io }: CommandCall, work: (face: Face) => Promise<T>): Promise<T> {
  const face = await io.openApp(config);
  try {
    return await work(face);
  } finally {
    await face.close();
  }
}
