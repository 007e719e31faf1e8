import { describe, expect, test, vi } from 'vitest';
import { hotel, readRows } from './errand.ts';
import { eras, openHost, type Person } from './open-host.ts';

const accepts: Person = () => ({ action: 'accept', content: {} });
const wide = { ...hotel, contract: { spend_without_approval: '2000.00' } };
const widen = { id: 'jorb_1', contract: { spend_without_approval: '2000.00' } };
const narrow = { spend_without_approval: '100.00' };
const wider = { spend_without_approval: '2000.00' };

describe.each(eras)('wider limits than a model may set, in %s', (era) => {
  test('are shown to the person when the jorb is created, and hold once they accept', async () => {
    const person = vi.fn(accepts);
    const host = await openHost({ era, person });
    const { data } = await host.call('create_jorb', wide);
    expect(person).toHaveBeenCalledTimes(1);
    expect(person.mock.calls[0]?.[0].message).toContain('$2,000.00');
    expect(data).toMatchObject({
      confirmation: 'answered',
      contract_version: 2,
      contract: wider,
    });
    expect(data).toMatchObject({ jorb: { id: 'jorb_1', status: 'running' } });
    expect(readRows(host).jorbs).toHaveLength(1);
  });

  test.each(['decline', 'cancel'] as const)(
    'do not hold when the person says %s; the jorb is there once',
    async (action) => {
      const host = await openHost({ era, person: () => ({ action }) });
      const { data, text, isError } = await host.call('create_jorb', wide);
      expect(isError).toBe(false);
      expect(data).toMatchObject({
        confirmation: 'refused',
        approval_id: 'approval_1',
        contract: narrow,
      });
      expect(text).toContain('jorb_1 was created.');
      expect(readRows(host).jorbs).toHaveLength(1);
    },
  );

  test('wait for a human where the host has no forms, and the answer says what holds meanwhile', async () => {
    const host = await openHost({ era });
    const { data, text, isError } = await host.call('create_jorb', wide);
    expect(isError).toBe(false);
    expect(data).toMatchObject({
      confirmation: 'needs_confirmation',
      approval_id: 'approval_1',
      contract: narrow,
    });
    expect(text).toContain('jorbs approve approval_1');
    expect(text).toContain('$2,000.00');
    expect(text).toContain('$100.00');
  });

  test('hold at once where the owner trusts the host’s own dialog', async () => {
    const person = vi.fn(accepts);
    const host = await openHost({ era, person, confirm: 'host' });
    const { data } = await host.call('create_jorb', wide);
    expect(data).toMatchObject({ confirmation: 'answered', contract: wider });
    expect(person).not.toHaveBeenCalled();
  });

  test('of a jorb that runs are shown and hold in the same way', async () => {
    const person = vi.fn(accepts);
    const host = await openHost({ era, person });
    await host.call('create_jorb', hotel);
    expect(person).not.toHaveBeenCalled();
    const { data } = await host.call('steer_jorb', widen);
    expect(person.mock.calls[0]?.[0].message).toContain('$2,000.00');
    expect(data).toMatchObject({ confirmation: 'answered', contract: wider });
  });

  test('of a jorb that runs do not hold without a yes, and are asked for once', async () => {
    const host = await openHost({ era, person: () => ({ action: 'decline' }) });
    await host.call('create_jorb', hotel);
    const { data } = await host.call('steer_jorb', { ...widen, guidance: 'Late arrival is fine.' });
    expect(data).toMatchObject({ confirmation: 'refused', contract: narrow });
    expect(host.world.sql('select text from guidance')).toEqual([{ text: 'Late arrival is fine.' }]);
  });

  test('are not asked for again by a repeated call with the same idempotency key that was answered', async () => {
    const person = vi.fn(accepts);
    const host = await openHost({ era, person });
    const keyed = { ...wide, idempotency_key: 'hotel-1' };
    await host.call('create_jorb', keyed);
    const { data } = await host.call('create_jorb', keyed);
    expect(data).toMatchObject({ confirmation: 'not_needed', contract: wider });
    expect(person).toHaveBeenCalledTimes(1);
    expect(readRows(host).jorbs).toHaveLength(1);
  });
});
