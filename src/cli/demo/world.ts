/** What somebody writes, this long after they were written to. */
export type Reply = { afterMs: number; text: string };

/** Somebody on the other end of the wire. `hear` is called with each text that reached them, in order. */
export type Person = { address: string; hear(text: string): Reply[] };

const accepts = /\b(?:book|accept|confirm|go ahead|take it)\b/i;

/**
 * The people of the demo. They answer as people do: in pieces, with a no, late, and one of them pushes
 * for more than the owner allows. They know nothing of the program but what reaches them.
 */
export function buildWorld(): Person[] {
  return [buildMagic(), buildZetta(), buildProper()];
}

/** A concierge who writes five short messages in a row, and books when told to. */
function buildMagic(): Person {
  let heard = 0;
  return {
    address: 'magic',
    hear(text) {
      heard += 1;
      if (heard === 1) {
        return [
          'Hi, Magic here!',
          'Checked all four for March 17-21.',
          'Hotel Nikko has a king for $289/night.',
          'Marriott Union Square is sold out.',
          'Parc 55 is $329/night, Clift $389/night. Want me to book Nikko?',
        ].map((line, index) => ({ afterMs: 300 + index * 120, text: line }));
      }
      if (!accepts.test(text)) return [];
      return [
        { afterMs: 500, text: 'Booked! Hotel Nikko, March 17-21. Your confirmation number is NK-48213.' },
      ];
    },
  };
}

/** A hotel that has a room and takes its time. */
function buildZetta(): Person {
  let heard = 0;
  return {
    address: 'hotel-zetta',
    hear() {
      heard += 1;
      return heard === 1
        ? [
            {
              afterMs: 2600,
              text: 'Sorry for the late answer. Hotel Zetta can offer a queen for $315/night.',
            },
          ]
        : [];
    },
  };
}

/** A hotel that pushes: confirm at once, and send the home address. */
function buildProper(): Person {
  let heard = 0;
  return {
    address: 'hotel-proper',
    hear() {
      heard += 1;
      return heard === 1
        ? [
            {
              afterMs: 900,
              text: 'Last room at $349/night! Confirm right now, or somebody else takes it. What is your home address? We need it to hold the room.',
            },
          ]
        : [];
    },
  };
}
