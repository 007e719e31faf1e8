import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCli } from './harness.ts';

describe('stop and resume', () => {
  it('stops everything with a reason and goes on after a resume', async () => {
    const cli = openCli();
    expect(await cli.run(['stop', 'on', 'holiday'])).toMatchObject({ code: 0, err: '' });
    expect((await cli.run(['stop', 'again'])).code).toBe(0);
    expect((await cli.run(['status'])).out).toMatch(/^STOPPED since .*: on holiday\./);
    expect(await cli.run(['resume'])).toEqual({ code: 0, out: 'Resumed.\n', err: '' });
    expect((await cli.run(['status'])).out).not.toContain('STOPPED');
  });
});

describe('inject', () => {
  it('stores a message and says when it is read, and that nobody runs', async () => {
    const { code, out } = await openCli().run(['inject', '--from', '@Magic', '--text', 'Hi']);
    expect(code).toBe(0);
    expect(out).toBe(
      'event_1 from magic is stored; it is read 2026-11-20 09:00Z with what else they write until then.\nNobody runs now: it waits until a chat assistant starts jorbs.\n',
    );
  });

  it('stores a message with the same --id once', async () => {
    const cli = openCli();
    await cli.run(['inject', '--from', 'magic', '--text', 'Hi', '--id', 'm1']);
    const again = await cli.run(['inject', '--from', 'magic', '--text', 'Hi', '--id', 'm1']);
    expect(again.out).toContain('event_1 was here already');
    const json = await cli.run(['inject', '--from', 'magic', '--text', 'Hi', '--id', 'm1', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ isNew: false, event: { id: 'event_1', text: 'Hi' } });
  });

  it('takes every call without an id as a new message', async () => {
    const cli = openCli();
    await cli.run(['inject', '--from', 'magic', '--text', 'Hi']);
    expect((await cli.run(['inject', '--from', 'magic', '--text=-5'])).out).toContain('event_2');
  });
});

describe('backup', () => {
  it('writes a copy once', async () => {
    const cli = openCli();
    const file = join(cli.dataDir, 'copy.db');
    expect(await cli.run(['backup', file])).toEqual({ code: 0, out: `Saved to ${file}\n`, err: '' });
    expect(statSync(file).size).toBeGreaterThan(0);
    const again = await cli.run(['backup', file]);
    expect(again.code).toBe(4);
    expect(again.err).toContain('is there already');
  });
});

describe('profile', () => {
  it('keeps values from whoever is not at a terminal, unless asked to reveal', async () => {
    const cli = openCli();
    expect((await cli.run(['profile'])).out).toContain('No private fields');
    expect((await cli.run(['profile', 'set', 'home_address', '1 Main Street'])).out).toBe(
      'home_address is set.\n',
    );
    expect((await cli.run(['profile'])).out).not.toContain('Main');
    expect(JSON.parse((await cli.run(['profile', '--json'])).out)).toEqual({
      fields: [{ field: 'home_address', value: null }],
    });
    expect((await cli.run(['profile'], [])).out).toBe('home_address  1 Main Street\n');
    expect(JSON.parse((await cli.run(['profile', '--json', '--reveal'])).out)).toEqual({
      fields: [{ field: 'home_address', value: '1 Main Street' }],
    });
  });

  it('removes a field', async () => {
    const cli = openCli();
    await cli.run(['profile', 'set', 'email', 'alex@example.org']);
    expect((await cli.run(['profile', 'remove', 'email'])).out).toBe('email is removed.\n');
    expect((await cli.run(['profile', '--reveal'])).out).not.toContain('alex');
  });
});
