import type { SeenRequest } from './mind.ts';

export type SeenStep = SeenRequest['steps'][number];

/** Puts what a conversation holds, item after item, into steps: an answer, what came of it, and the note. */
export function buildSteps(): {
  steps: SeenStep[];
  addAnswer(...calls: { id: string; name: string; arguments: string }[]): void;
  addResult(callId: string, text: string): void;
  addNote(note: string): void;
} {
  const steps: SeenStep[] = [];
  const start = () => {
    const step: SeenStep = { calls: [], results: [], note: null };
    steps.push(step);
    return step;
  };
  return {
    steps,
    addAnswer(...calls) {
      const last = steps.at(-1);
      const isOver = !last || last.results.length > 0 || last.note !== null;
      const step = isOver ? start() : last;
      step.calls.push(...calls.map((call) => ({ ...call, arguments: readJson(call.arguments) })));
    },
    addResult: (callId, text) => void (steps.at(-1) ?? start()).results.push({ callId, text }),
    addNote(note) {
      const last = steps.at(-1);
      const step = last && last.note === null ? last : start();
      step.note = note;
    },
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
