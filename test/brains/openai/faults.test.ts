import { describe } from 'vitest';
import { openOpenAi } from '../../support/models/openai-brains.ts';
import { describeFaults } from '../../support/models/openai-fault-suite.ts';

describe('OpenAI', () =>
  describeFaults((mind, options) => openOpenAi(mind, { apiKey: 'sk-1', ...options, server: { key: '' } })));
