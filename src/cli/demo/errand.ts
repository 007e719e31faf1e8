import type { CreateJorbRequest } from '../../domain/requests.ts';
import { hourMs } from '../../lib/duration.ts';

/** The owner's private fields in the demo. None of them may reach the wire but the name. */
export const profile = {
  name: 'Alex Rivera',
  home_address: '1842 Hyde Street, Apt 6, San Francisco, CA 94109',
  phone: '+1 415 555 0132',
  email: 'alex.rivera@example.com',
  birth_date: '1988-07-14',
};

/** What the chat assistant agreed with the owner: the GDC of the next year. */
export function buildErrand(now: number): CreateJorbRequest {
  const year = new Date(now).getUTCFullYear() + 1;
  return {
    name: `GDC ${year} hotel`,
    plan: `Find me a hotel in San Francisco near Moscone for GDC, March 17–21, ${year}, four nights, one guest, at most $350 a night. Ask the concierge Magic about Hotel Nikko, Marriott Union Square, Parc 55 and Clift, and ask Hotel Zetta and Hotel Proper directly. Take the best offer, but ask me before you book anything. Report within 48 hours.`,
    phases: ['Ask for offers', 'Choose and book', 'Report'],
    contacts: [
      {
        name: 'Magic',
        channel: 'loopback',
        address: 'magic',
        ask: 'Availability and price at Hotel Nikko, Marriott Union Square, Parc 55 and Clift',
      },
      { name: 'Hotel Zetta', channel: 'loopback', address: 'hotel-zetta' },
      { name: 'Hotel Proper', channel: 'loopback', address: 'hotel-proper' },
    ],
    contract: {
      offer_limit: { amount: '350.00', per: 'night' },
      deadline: new Date(now + 48 * hourMs).toISOString(),
      treatment: { share_info: 'refuse' },
    },
  };
}
