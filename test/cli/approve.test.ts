import { describe, expect, it } from 'vitest';
import type { Approval } from '../../src/domain/approval.ts';
import { type Cli, openCli, seedBooking, seedWidening, testCode } from './harness.ts';

function read(cli: Cli, { id }: Approval): Promise<Approval | undefined> {
  return cli.withFace(({ owner }) => owner.store.getApproval(id));
}

describe('approve away from a terminal', () => {
  it('lists what waits, whole, and how to answer', async () => {
    const cli = openCli();
    expect((await cli.run(['approve'])).out).toBe('Nothing waits for you.\n');
    await seedBooking(cli);
    const { code, out } = await cli.run(['approve']);
    expect(code).toBe(0);
    expect(out).toContain('Price: $289.00 per night × 4 = $1,156.00');
    expect(out).toContain('Yes, please book the king for $289 a night.');
    expect(out).toContain('run "jorbs approve" yourself in a terminal');
  });

  it('shows no code and ends with 5 when one is named', async () => {
    const cli = openCli();
    const { id } = await seedBooking(cli);
    const { code, out } = await cli.run(['approve', id]);
    expect(code).toBe(5);
    expect(out).toContain(`run "jorbs approve ${id}" yourself`);
    expect(out).not.toContain(testCode);
  });

  it('gives them as JSON', async () => {
    const cli = openCli();
    const { id, hash } = await seedBooking(cli);
    expect(JSON.parse((await cli.run(['approve', '--json'])).out)).toMatchObject({
      approvals: [{ id, hash, status: 'pending' }],
    });
  });

  it('declines without a person, since that commits nobody', async () => {
    const cli = openCli();
    const approval = await seedBooking(cli);
    expect(await cli.run(['approve', approval.id, '--decline', '--reason', 'too dear'])).toEqual({
      code: 0,
      out: `${approval.id} is declined. Nothing was sent.\n`,
      err: '',
    });
    expect(await read(cli, approval)).toMatchObject({ status: 'declined', answerText: 'too dear' });
    const again = await cli.run(['approve', approval.id, '--decline']);
    expect(again).toMatchObject({
      code: 4,
      err: `jorbs: ${approval.id} does not wait any more: it is declined\n`,
    });
  });
});

describe('approve on a terminal', () => {
  it('accepts once the code was typed back, in any case', async () => {
    const cli = openCli();
    const approval = await seedBooking(cli);
    const { code, out } = await cli.run(['approve'], ['accept', testCode.toLowerCase()]);
    expect(code).toBe(0);
    expect(out).toContain(`To confirm, type ${testCode}: `);
    expect(out).toContain(`${approval.id} is accepted.`);
    expect(await read(cli, approval)).toMatchObject({ status: 'accepted', confirmedBy: 'terminal' });
  });

  it('shows the approval whole before it asks', async () => {
    const cli = openCli();
    await seedBooking(cli);
    let shown = '';
    await cli.run(['approve'], (out) => {
      shown ||= out;
      return undefined;
    });
    expect(shown).toContain('Price: $289.00 per night × 4 = $1,156.00');
    expect(shown).toMatch(/accept \/ edit \/ decline \/ skip\? $/);
  });

  it('voids the code after three wrong tries', async () => {
    const cli = openCli();
    const approval = await seedBooking(cli);
    const { code, out } = await cli.run(['approve'], ['accept', 'yes', '', 'ABCD2346', testCode]);
    expect(code).toBe(0);
    expect(out).toContain(`${approval.id} is left as it was: the code was not typed.`);
    expect(out.match(/To confirm/g)).toHaveLength(3);
    expect(await read(cli, approval)).toMatchObject({ status: 'pending' });
  });

  it.each([
    ['at the choice', []],
    ['at the code', ['accept']],
    ['in the middle of a text', ['edit', 'Yes, but']],
    ['at the reason', ['decline']],
  ])('leaves everything as it was when it is left %s', async (_where, typed) => {
    const cli = openCli();
    const approval = await seedBooking(cli);
    const { code, out } = await cli.run(['approve'], typed);
    expect(code).toBe(130);
    expect(out).toContain('Nothing more is changed.');
    expect(await read(cli, approval)).toMatchObject({ status: 'pending', answeredAt: null });
  });

  it('sends an edited text after it was shown and confirmed', async () => {
    const cli = openCli();
    const approval = await seedBooking(cli);
    const typed = ['e', 'Yes, please book it.', 'A quiet room, if there is one.', '.', testCode];
    const { out } = await cli.run(['approve', approval.id], typed);
    expect(out).toContain('    Yes, please book it.\n    A quiet room, if there is one.\n');
    expect(out).toContain(`${approval.id} is accepted with your text.`);
    expect(await read(cli, approval)).toMatchObject({ status: 'edited', confirmedBy: 'terminal' });
  });

  it('declines with a reason and without a code', async () => {
    const cli = openCli();
    const approval = await seedBooking(cli);
    const { out } = await cli.run(['approve'], ['decline', 'too dear']);
    expect(out).not.toContain(testCode);
    expect(await read(cli, approval)).toMatchObject({
      status: 'declined',
      answerText: 'too dear',
      confirmedBy: null,
    });
  });

  it('asks again for a word it does not know, and skips', async () => {
    const cli = openCli();
    const approval = await seedBooking(cli);
    const { code, out } = await cli.run(['approve'], ['yes', '', 'skip']);
    expect(code).toBe(0);
    expect(out.match(/Type one of accept, edit, decline, skip/g)).toHaveLength(2);
    expect(await read(cli, approval)).toMatchObject({ status: 'pending' });
  });

  it('goes through several, oldest first', async () => {
    const cli = openCli();
    const widening = await seedWidening(cli);
    const booking = await seedBooking(cli);
    const { out } = await cli.run(['approve'], ['accept', testCode, 'skip']);
    expect(out.indexOf('1 of 2')).toBeLessThan(out.indexOf('2 of 2'));
    expect(await read(cli, widening)).toMatchObject({ status: 'accepted' });
    expect(await read(cli, booking)).toMatchObject({ status: 'pending' });
  });

  it('tells a refusal in one sentence and leaves it to be answered later', async () => {
    const cli = openCli();
    const approval = await seedBooking(cli);
    await cli.run(['stop']);
    const { code, err } = await cli.run(['approve'], ['accept', testCode]);
    expect(code).toBe(4);
    expect(err).toMatch(/^jorbs: [^\n]+\n$/);
    expect(await read(cli, approval)).toMatchObject({ status: 'pending' });
  });

  it('refuses what expired while it was being read', async () => {
    const cli = openCli();
    const approval = await seedBooking(cli);
    const late = ['accept', testCode];
    const { code, err } = await cli.run(['approve'], () => {
      cli.clock.advance(8 * 24 * 3_600_000);
      return late.shift();
    });
    expect(code).toBe(4);
    expect(err).toContain('has expired');
    expect(await read(cli, approval)).not.toMatchObject({ status: 'accepted' });
  });
});
