/**
 * Who decides beyond `needs`, by the word: what the policies and owners of docc.yaml and the live manifest
 * add to it (src/controller/rules.ts, src/controller/locking.ts, src/policy/).
 */
export const deciders: Readonly<Record<string, string>> = {
  deploy:
    "Everybody may ask; it is planned and applied for the environment's `deployers`, not past another person's lock, and not while the environment is frozen. Where `approval` asks for it, approvers say yes first. Who changes the maintainer or the team without owning the app needs a yes of an owner or an operator. Those in `emergency` get past all of this but the last with `emergency=`.",
  update:
    "Everybody may ask; it is planned and applied as a `deploy` is, past nothing that holds a deploy up.",
  rollback:
    "Everybody may ask; it is planned and applied for the environment's `deployers`. Locks and freezes do not hold it up, and approvers are asked only where `approval.rollbacks` is true. A change of the maintainer or the team needs the same yes as in `deploy`.",
  restart:
    "Everybody may ask; it is planned and applied for the environment's `deployers`, not past another person's lock. Freezes do not hold it up, and approvers are asked only where `approval.rollbacks` is true.",
  delete:
    "Everybody may ask, by typing the app's name; it is planned and carried out for the environment's `deployers`, not past another person's lock, and not while the environment is frozen. Approvers say yes first where `approval` asks for it.",
  approve:
    "Who may approve by the plan's policy and by today's; who asked for the release does not, unless `approval.self` is true.",
  reject:
    "Who may approve it, the owners of the app (maintainers of what is live, and its team's) and operators.",
  cancel:
    "Before it is applied: who asked for it, who may approve it, the owners of the app and operators. While it is applied or followed: the environment's `deployers`, the owners and operators.",
  lock: "The environment's `deployers`; who else holds a lock must give it up first.",
  unlock: "Who holds the lock, the owners of the app and operators.",
};
