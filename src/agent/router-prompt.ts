import type { Thresholds } from '../domain/thresholds.ts';
import { fillPrompt, loadPrompt } from '../lib/prompt-files.ts';

/** The text of prompts/router.md, with how sure the owner wants it to be. */
export function loadRouterPrompt(packageRoot: string, { autoExecute, requireApproval }: Thresholds): string {
  const template = loadPrompt(packageRoot, 'router', ['auto_execute', 'require_approval']);
  return fillPrompt(template, {
    auto_execute: String(autoExecute),
    require_approval: String(requireApproval),
  });
}
