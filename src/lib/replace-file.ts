import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whole or not at all, so that a reader never sees half of it; for this user alone. Its folder is made when there is none. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(`${path}.part`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}
