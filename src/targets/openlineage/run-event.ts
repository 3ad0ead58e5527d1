import { z } from 'zod';

const inputField = z.looseObject({
  namespace: z.string(),
  name: z.string(),
  field: z.string(),
  transformations: z.array(z.looseObject({ type: z.string() })).optional(),
});
export type InputField = z.infer<typeof inputField>;

/** `dataset`: fields that decide which rows there are, in newer versions of the facet. */
const columnLineage = z.looseObject({
  fields: z.record(z.string(), z.looseObject({ inputFields: z.array(inputField) })),
  dataset: z.array(inputField).optional(),
});

const dataset = z.looseObject({
  namespace: z.string().min(1),
  name: z.string().min(1),
  facets: z
    .looseObject({
      columnLineage: columnLineage.optional(),
      schema: z.looseObject({ fields: z.array(z.looseObject({ name: z.string() })).optional() }).optional(),
      symlinks: z
        .looseObject({
          identifiers: z.array(z.looseObject({ namespace: z.string(), name: z.string(), type: z.string() })).optional(),
        })
        .optional(),
    })
    .optional(),
});
export type EventDataset = z.infer<typeof dataset>;

const jobName = z.looseObject({ namespace: z.string().min(1), name: z.string().min(1) });

/**
 * A RunEvent of the OpenLineage specification (1 and 2), or its JobEvent, which has no run: what Headgate reads of it. Everything else, facets
 * that it does not know above all, is looked over.
 */
export const runEvent = z.looseObject({
  eventType: z.string().optional(),
  eventTime: z.iso.datetime({ offset: true }),
  run: z
    .looseObject({
      runId: z.string().min(1),
      facets: z
        .looseObject({
          parent: z.looseObject({ job: jobName, root: z.looseObject({ job: jobName }).optional() }).optional(),
        })
        .optional(),
    })
    .optional(),
  job: jobName.extend({
    facets: z.looseObject({ jobType: z.looseObject({ integration: z.string().optional() }).optional() }).optional(),
  }),
  inputs: z.array(dataset).optional(),
  outputs: z.array(dataset).optional(),
});
export type RunEvent = z.infer<typeof runEvent>;
