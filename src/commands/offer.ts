import { z } from "zod";

/**
 * What docc knows and can offer for an argument before it is said. `success`: revisions that a rollback may return
 * to. `any-environment`: where none means all of them, so none is chosen beforehand.
 */
const offers = ["app", "environment", "any-environment", "release", "revision", "success"] as const;
export type Offer = (typeof offers)[number];

/** The same argument, which also says what is offered for it. It keeps that when it is made optional or described anew. */
export function offering<Type extends z.ZodType>(offer: Offer, type: Type): Type {
  return type.meta({ offers: offer });
}

/** Undefined for what is no offer. */
export function asOffer(word: unknown): Offer | undefined {
  return offers.find((each) => each === word);
}

/** What an argument says is offered for it. */
export function offerOf(type: z.ZodType | undefined): Offer | undefined {
  const offer = asOffer(type?.meta()?.["offers"]);
  if (offer !== undefined || !(type instanceof z.ZodOptional)) return offer;
  return offerOf(type.unwrap() as z.ZodType);
}
