import type { ModelBrain, ModelProvider } from '../domain/brain.ts';
import type { ModelOptions } from './model/options.ts';

/** Loads nothing but the chosen wire, and its SDK not before the first step. */
export async function openModelBrain(provider: ModelProvider, options: ModelOptions): Promise<ModelBrain> {
  switch (provider) {
    case 'openai':
      return (await import('./openai/openai-brain.ts')).buildOpenAiBrain(options);
    case 'anthropic':
      return (await import('./anthropic/anthropic-brain.ts')).buildAnthropicBrain(options);
    case 'local':
      return (await import('./local/local-brain.ts')).buildLocalBrain(options);
  }
}
