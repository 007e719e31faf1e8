import { spawn } from 'node:child_process';

/** The program that opens a file as the person would by a double click. It gets the path as one argument: there is no shell. */
const openers: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'explorer.exe' };

/** Resolves once the program was started. */
export function buildOpenFile(platform: NodeJS.Platform): (path: string) => Promise<void> {
  const opener = openers[platform] ?? 'xdg-open';
  return (path) =>
    new Promise((resolve, reject) => {
      const child = spawn(opener, [path], { detached: true, stdio: 'ignore' });
      child.once('error', reject);
      child.once('spawn', () => {
        child.unref();
        resolve();
      });
    });
}
