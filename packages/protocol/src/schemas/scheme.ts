import * as z from 'zod/mini';
import { Name, Words } from './common.ts';

export const FactField = z.enum(['string', 'int', 'bool', 'timestamp']);
export type FactField = z.output<typeof FactField>;

/** The field `at` (a timestamp: when the fact was observed) is part of every fact and is not declared. */
const fieldName = z.string().check(
  z.regex(/^[a-z][a-zA-Z0-9]{0,31}$/),
  z.refine((name) => name !== 'at'),
);

/** One kind of fact. Only what is declared here can be stored, and only what is stored can a rule read. */
export const FactType = z.object({
  titles: Words,
  fields: z.record(fieldName, FactField),
  /** Closed lists of values for `string` fields that have one. */
  values: z.optional(z.record(fieldName, z.array(z.string().check(z.minLength(1), z.maxLength(64))))),
  /**
   * `place`: not reported of a subject, but published by the region for places (`places.<scheme>.json`). A fact of this type has a field `place`, and a rule
   * reads those whose place a fact of the subject names in a field `place` of its own.
   */
  about: z.optional(z.enum(['subject', 'place'])),
  /** How long after its `at` a fact counts. After that it is deleted. */
  keepHours: z.int().check(z.gte(1), z.lte(24 * 366 * 5)),
});
export type FactType = z.output<typeof FactType>;

const FactTypeName = z.string().check(z.regex(/^[a-z][a-zA-Z0-9]{0,31}$/));

/** `schemes/<id>.json`, signed by targets: what a status means (protocol, section 1). */
export const Scheme = z.object({
  id: Name,
  major: z.int().check(z.gte(1), z.lte(9999)),
  titles: Words,
  subjects: z.enum(['person', 'asset']),
  purposes: z.array(Name).check(z.minLength(1), z.maxLength(32)),
  /** In order, from the most favourable to the most adverse: no favourable one comes after an adverse one. */
  levels: z.array(z.object({ id: Name, effect: z.enum(['favourable', 'adverse']), titles: Words })).check(
    z.minLength(1),
    z.maxLength(16),
    z.refine((levels) =>
      levels.every(({ effect }, i) => effect === 'adverse' || levels[i - 1]?.effect !== 'adverse'),
    ),
  ),
  factTypes: z.record(FactTypeName, FactType),
  evidenceClasses: z.array(Name).check(z.minLength(1), z.maxLength(16)),
  longestValidityHours: z.int().check(z.gte(1), z.lte(24 * 31)),
  /** Whether credentials longer than six hours have a status list entry. */
  statusList: z.boolean(),
  /** Where a status has an age: the fact type whose newest counted fact tells when the sample was taken. */
  ageFrom: z.optional(FactTypeName),
  /** Whether a credential without a holder key (a printed card, an asset's label) may be issued. */
  bearer: z.boolean(),
});
export type Scheme = z.output<typeof Scheme>;
