import { z } from 'zod';
import { renderStatus } from '../../domain/render/status.ts';
import { defineTool } from '../define-tool.ts';
import { presentStatus, statusShape } from '../present/status.ts';
import { readOnly } from './fields.ts';

export const getStatus = defineTool({
  name: 'get_status',
  title: 'Get system status',
  description: 'Whether jorbs is running, stopped or waiting, and for what; channels, data folder, version.',
  hints: readOnly,
  input: z.strictObject({}),
  output: statusShape,
  needsRuntime: () => false,
  async handle(face) {
    const status = await face.readStatus();
    return { text: renderStatus(status, face.owner.timeZone()), data: presentStatus(status) };
  },
});
