import { describe, expect, test, vi } from 'vitest';
import { askQuestion, askToBook, booking, readRows } from './errand.ts';
import { connectHost, eras, openHost, type Person } from './open-host.ts';

const accepts: Person = () => ({ action: 'accept', content: {} });
const accept = { id: 'approval_1', answer: 'accept' };

describe.each(eras)('approve with a person who has a form, in %s', (era) => {
  test('sends exactly what the person was shown once they accept the form', async () => {
    const person = vi.fn(accepts);
    const host = await openHost({ era, person });
    await askToBook(host);
    const { data, isError } = await host.call('approve', accept);
    expect(isError).toBe(false);
    expect(data).toMatchObject({
      outcome: 'answered',
      approval: { status: 'accepted', confirmed_by: 'elicitation' },
    });
    const shown = person.mock.calls[0]?.[0].message ?? '';
    expect(shown).toContain(booking);
    expect(shown).toContain('$1,156.00');
    await host.world.settle();
    expect(host.world.wire.lines.at(-1)?.text).toBe(booking);
  });

  test('shows an empty form, in which accepting is the only way to say yes', async () => {
    const person = vi.fn(accepts);
    const host = await openHost({ era, person });
    await askToBook(host);
    await host.call('approve', accept);
    expect(person.mock.calls[0]?.[0]).toMatchObject({ requestedSchema: { type: 'object', properties: {} } });
  });

  test('shows the new text of an edit and sends that', async () => {
    const person = vi.fn(accepts);
    const host = await openHost({ era, person });
    await askToBook(host);
    const text = 'Please book the room, with late arrival.';
    const { data } = await host.call('approve', { id: 'approval_1', answer: 'edit', text });
    expect(data).toMatchObject({ outcome: 'answered', approval: { status: 'edited' } });
    expect(person.mock.calls[0]?.[0].message).toContain(text);
    expect(person.mock.calls[0]?.[0].message).not.toContain(booking);
    await host.world.settle();
    expect(host.world.wire.lines.at(-1)?.text).toContain(text);
  });

  test('shows the exact words of an answer', async () => {
    const person = vi.fn(accepts);
    const host = await openHost({ era, person });
    await askQuestion(host);
    const { data } = await host.call('approve', {
      id: 'approval_1',
      answer: 'answer',
      text: 'Two beds are fine.',
    });
    expect(data).toMatchObject({
      outcome: 'answered',
      approval: { status: 'answered', your_words: 'Two beds are fine.' },
    });
    expect(person.mock.calls[0]?.[0].message).toContain('Two beds are fine.');
  });

  test.each(['decline', 'cancel'] as const)('changes nothing when the person says %s', async (action) => {
    const host = await openHost({ era, person: () => ({ action }) });
    await askToBook(host);
    const before = readRows(host);
    const { data, text, isError } = await host.call('approve', accept);
    expect(isError).toBe(false);
    expect(data).toMatchObject({ outcome: 'refused', approval: { status: 'pending' } });
    expect(text).toContain('nothing has changed');
    expect(readRows(host)).toEqual(before);
  });

  test('passes a decline on without asking anybody', async () => {
    const person = vi.fn(accepts);
    const host = await openHost({ era, person });
    await askToBook(host);
    const { data } = await host.call('approve', { id: 'approval_1', answer: 'decline', text: 'Too dear.' });
    expect(data).toMatchObject({
      outcome: 'answered',
      approval: { status: 'declined', your_words: 'Too dear.' },
    });
    expect(person).not.toHaveBeenCalled();
  });

  test('is refused when it was answered elsewhere while the form was open', async () => {
    const host = await openHost({
      era,
      person: async () => {
        await other.call('approve', { id: 'approval_1', answer: 'decline' });
        return { action: 'accept', content: {} };
      },
    });
    const other = await connectHost(host.face);
    await askToBook(host);
    const { text, isError } = await host.call('approve', accept);
    expect(isError).toBe(true);
    expect(text).toContain('already declined');
    await host.world.settle();
    expect(host.world.wire.lines.map((line) => line.text)).not.toContain(booking);
  });

  test('counts once when two hosts accept at once', async () => {
    const host = await openHost({ era, person: accepts });
    const other = await connectHost(host.face, { era, person: accepts });
    await askToBook(host);
    const answers = await Promise.all([host.call('approve', accept), other.call('approve', accept)]);
    expect(answers.map((answer) => answer.isError).sort()).toEqual([false, true]);
    await host.world.settle();
    expect(host.world.wire.lines.filter((line) => line.text === booking)).toHaveLength(1);
  });
});

describe('approve without a form that counts', () => {
  test.each([
    ['the host has no forms', {}, 'human'],
    ['the host only opens links', { capabilities: { elicitation: { url: {} } } }, 'human'],
    ['the owner does not trust forms', { person: accepts }, 'strict'],
  ] as const)('changes nothing and says how a human confirms when %s', async (_, options, confirm) => {
    for (const era of eras) {
      const host = await openHost({ ...options, era, confirm });
      await askToBook(host);
      const before = readRows(host);
      const { data, text, isError } = await host.call('approve', accept);
      expect(isError).toBe(false);
      expect(data).toMatchObject({
        outcome: 'needs_confirmation',
        approval: { status: 'pending', text: booking },
      });
      for (const said of [text, String(data.next)]) expect(said).toContain('jorbs approve approval_1');
      expect(text).toContain(booking);
      expect(readRows(host)).toEqual(before);
    }
  });

  test('never shows a form when the owner does not trust forms', async () => {
    const person = vi.fn(accepts);
    const host = await openHost({ person, confirm: 'strict' });
    await askToBook(host);
    await host.call('approve', accept);
    expect(person).not.toHaveBeenCalled();
  });

  test.each(eras)('holds at once when the owner trusts the host’s own dialog, in %s', async (era) => {
    const person = vi.fn(accepts);
    const host = await openHost({ era, person, confirm: 'host' });
    await askToBook(host);
    const { data } = await host.call('approve', accept);
    expect(data).toMatchObject({ outcome: 'answered', approval: { confirmed_by: 'host' } });
    expect(person).not.toHaveBeenCalled();
    await host.world.settle();
    expect(host.world.wire.lines.at(-1)?.text).toBe(booking);
  });

  test.each(['approved', 'confirmed', 'code', 'confirmed_by'])(
    'takes no “%s” from a model',
    async (field) => {
      const host = await openHost();
      await askToBook(host);
      const before = readRows(host);
      const { text, isError } = await host.call('approve', { ...accept, [field]: true });
      expect(isError).toBe(true);
      expect(text).toBe(`${field} is not a field of approve; it has id, answer, text`);
      expect(readRows(host)).toEqual(before);
    },
  );
});
