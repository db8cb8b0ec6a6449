/**
 * Where the person is, kept in the address: `#UDEVELOPER/CDEPLOYS/1512518400.000100`. So a reload,
 * the back button and a second window (for a second person) do what one expects.
 * @typedef {{ person: string, place: string, thread: string }} Where
 */

/** @returns {Where} */
export function where() {
  const [person = "", place = "", thread = ""] = decodeURIComponent(location.hash.slice(1)).split(
    "/",
  );
  return { person, place, thread };
}

/** @param {Partial<Where>} change */
export function go(change) {
  const { person, place, thread } = { ...where(), ...change };
  location.hash = [person, place, thread].map(encodeURIComponent).join("/");
}
