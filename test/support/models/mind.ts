/** What any of the fake model servers has read from a request, whatever its wire. */
export type SeenRequest = {
  model: string;
  system: string;
  /** The blocks of the first words of the conversation. */
  input: string[];
  tools: string[];
  /** Each answer of ours so far with what its calls came to, and the note after it. */
  steps: {
    calls: { id: string; name: string; arguments: unknown }[];
    results: { callId: string; text: string }[];
    note: string | null;
  }[];
};

export type MindAnswer = {
  text?: string;
  /** `id`: instead of one of the server's own. `arguments` goes onto the wire as it is when it is a string: that is how a model writes broken JSON. */
  calls?: { id?: string; name: string; arguments: unknown }[];
  stop?: 'cut' | 'refused';
};

/** What a fake model thinks. */
export type Mind = (seen: SeenRequest) => MindAnswer;
