/** People's names in a text being typed: a few signs and short lists, for a hint. Nothing here touches the page. */

/**
 * @typedef {object} Name
 * @property {"man" | "woman" | "doctor" | "lawyer" | "relative" | "anybody"} who key of the placeholder
 * @property {number} start
 * @property {number} end
 *
 * @typedef {{text: string, folded: string, gap: string, capital: boolean, start: number, end: number}} Word
 */

/** @param {string} words */
const listed = (words) => new Set(words.split(/\s+/).filter(Boolean));

/** @param {Record<string, string>} lists @returns {Map<string, Name["who"]>} */
const said = (lists) => new Map(Object.entries(lists).flatMap(([who, words]) => [...listed(words)].map((word) => [word, /** @type {Name["who"]} */ (who)])));

// Everything below is compared folded: small letters, no accents.
const TITLES = said({
  man: "m mr monsieur mons sieur",
  woman: "mme mlle melle madame mademoiselle",
  doctor: "dr docteur docteure pr professeur professeure",
  lawyer: "me maitre",
});
const ABBREVIATED = listed("mr mme mlle melle dr"); // a name follows, whatever it looks like
const CUES = said({
  man: "patient pat client resident",
  woman: "patiente cliente residente",
  relative: `mari femme epoux epouse conjoint conjointe compagnon compagne concubin concubine fils fille fiston enfant bebe pere mere papa maman frere
    soeur oncle tante neveu niece cousin cousine beau-pere belle-mere beau-frere belle-soeur grand-pere grand-mere tuteur tutrice curateur curatrice
    voisin voisine ami amie jumeau jumelle petit petite jeune mamie papi`,
  anybody: "confrere consoeur collegue associe associee remplacant remplacante secretaire infirmier infirmiere interne",
});
const NAMING = listed("appelle apelle appele appelait nomme nommee denomme denommee prenomme prenommee nom prenom nee");
const NAMED = listed("nommee prenommee denommee prenomme denomme"); // as « s'appelle »: a name follows, whatever it looks like
const FIRST = listed(`
  adele adrien agathe ahmed aicha alain albert alexandre ali alice amandine amine aminata anais andre anne annie anthony antoine arnaud arthur audrey
  aurelie baptiste bastien beatrice benjamin benoit bernadette bernard bilal brigitte bruno camille caroline catherine cedric celine chantal
  chloe christelle christiane christine christophe cindy clara clement colette coralie corentin corinne damien daniel danielle delphine denise didier
  dylan edmond elisabeth elodie elsa emilie emma enzo eric erwan estelle ethan etienne eugene eva evelyne fabienne fabrice farid fatima fatoumata
  florian franck francois francoise frederic gabriel gael gaelle gaspard gaston genevieve georges gerard germaine gilles ginette gregory guillaume
  gustave hamza helene henri herve hugo huguette ibrahim ines isabelle jacqueline jacques jean jeanne jeremy jerome jessica joel jordan joseph josette
  josiane jules julie julien juliette justine karim karine kevin khadija laetitia laura laurence laurent lea leila leo leon lina lionel loic louis
  louise luc lucas lucie lucien lucienne ludovic madeleine mamadou manon marc marcel margaux marguerite mariam marie marion martine mathieu mathilde
  mathis matthieu maurice maxime mehdi melanie michel michele mickael mohamed mohammed monique morgane moussa muriel nadia nadine nathalie nathan nicolas
  nicole noah noemie norbert oceane odette olivier omar ophelie pascal patricia patrick paul paulette pauline philippe quentin rachid raphael raymond
  raymonde remi rene robert roger ronan sabrina salma samir samira sandrine sarah sebastien serge simone solange solene sonia sophie stephane
  stephanie suzanne sylvain sylvie tanguy theo therese thierry thomas tristan valentin valerie vanessa veronique virginie xavier yanis yann yasmine
  yoann youssef yves yvette yvonne zoe`);
// After a title or a cue these go on with the sentence.
const STOP = listed(`
  a ai ait as au aussi aux avait avec avant apres aura aurait c car ce cela celle celui ces cet cette chez comme comment contre d dans de deja demain depuis
  des devant doit dois donc du elle en encore entre est et etait ete etre eu fait faut font hier hors ici il ils j je jamais l la le les leur lors lui m ma mais me
  mes meme moi mon n ne ni non nos notre nous on ont ou oui par parce parle pas passe pendant peu peut plus pour pourquoi pourrait prend presente puis puisque
  qu quand que quel quelle qui quoi s sa sait sans sauf se selon sera ses seul seule si sinon soit son sont sort souhaite sous sur t ta te tel telle tes toi ton
  toujours tous tout toute tres trop tu un une va vers veut via vient vit voici voit voudrait vos votre vous vu vue y hein merci bonjour svp urgent question
  accepte accuse adulte agresse ancien ancienne appelle appele apporte arrive atteint atteinte attend consulte demande dement dit donne ecrit envoie exige
  hospitalise insiste lambda majeur majeure malade menace mineur mineure mort morte nouveau nouvelle porte reclame refuse revient suivi suivie tombe
  aine ainee cadet cadette unique adoptif biologique legitime commun proche voisin malin musulman maghrebin toxico psycho homo accro public grec turc blanc
  franc mal bien rien loin certain etranger etrangere anglais francais francaise inconnu inconnue violent violente agressif seropositif enceinte
  president presidente juge procureur procureure maire prefet directeur directrice ministre rapporteur conseiller depute senateur commissaire batonnier greffier
  medecin medecins confrere consoeur secretaire inspecteur avocat avocate general doyen expert chef garde dupond untel unetelle truc machin x xx xxx xy y z
  patient patiente famille mari femme fils fille enfant pere mere frere soeur conjoint traitant generaliste psychiatre pediatre chirurgien cardiologue
  remplacant interne associe coordonnateur scolaire travail conseil regulateur retraite salarie liberal hospitalier usage naissance jeune complet junior senior ca parano ophtalmo temoin tdah dys papa maman`);
// Written with a capital, but nobody's name.
const THINGS = listed(`
  doctolib whatsapp facebook instagram google ameli vidal alzheimer parkinson crohn down lyme charcot asperger munchausen tourette ordre conseil etat
  cour france paris lyon marseille bordeaux toulouse nantes lille janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
  lundi mardi mercredi jeudi vendredi samedi dimanche internet covid claude`);
// What bears a name without being a person.
const BEARERS = listed(`
  loi lois arret affaire decision jurisprudence rapport maladie syndrome test score echelle hopital clinique centre chu ch ehpad institut fondation universite
  lycee college ecole rue avenue boulevard place saint sainte st prix code reseau laboratoire rapports mission reforme plan circulaire decret cabinet faculte`);
const PARTICLES = listed("de du des d la le van von der den el al ben bin ibn abou ould dos da di del");
// Endings of the words that follow « patient » in ordinary sentences; what ends otherwise looks like a name.
const USUAL = /(?:[eésxtdairu]|ai[nr]|ien|ein|un|on|eur|if|el|al|ol|il|eul|ir|er|ic)$/;
const VERBAL = /(?:er|ir|ee?s?|ent|ant|ait|aient|ique|aire|euse|eux|if|ive)$/;

/** @param {string} text */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae");

/** @param {string} text @returns {Word[]} */
function wordsOf(text) {
  const shouted = !/\p{Ll}/u.test(text); // then a capital tells nothing
  let before = 0;
  return [...text.matchAll(/\p{L}[\p{L}\p{M}]*(?:[-‐‑]\p{L}[\p{L}\p{M}]*)*/gu)].map((match) => {
    const start = match.index;
    const end = start + match[0].length;
    const word = { text: match[0], folded: fold(match[0]), gap: text.slice(before, start), capital: !shouted && /^\p{Lu}/u.test(match[0]), start, end };
    before = end;
    return word;
  });
}

/** @param {Word} word */
const isStop = ({ folded }) => THINGS.has(folded) || STOP.has(folded.split("-")[0]);

/** A known thing, or an acronym. @param {Word} word */
const isThing = (word) => isStop(word) || (/^\p{Lu}{2,5}$/u.test(word.text) && !isFirst(word));

/** @param {Word} word */
const isFirst = ({ folded, text }) => (FIRST.has(folded) && !/^mariés?$/.test(text)) || (folded.includes("-") && folded.split(/[-‐‑]/).every((part) => FIRST.has(part)));

/** Nothing that usually follows, and no usual ending. @param {Word} word */
const isUnknown = ({ folded }) => folded.length > 3 && !STOP.has(folded) && !THINGS.has(folded) && !USUAL.test(folded);

/** @param {string} gap */
const isClose = (gap) => /^[ \t\u00a0\u202f]{1,2}$/.test(gap);

/**
 * Find what seems to be people's names.
 * @param {string} text
 * @returns {Name[]}
 */
export function names(text) {
  const words = wordsOf(text);
  /** @type {Name[]} */
  const found = [];
  let index = 0;
  while (index < words.length) {
    const first = skipParticles(words, index);
    const who = whose(words, index, first);
    const last = who ? lastOf(words, first) : -1;
    if (who) found.push({ who, start: words[index].start, end: words[last].end });
    index = who ? last + 1 : index + 1;
  }
  return found;
}

/**
 * Tell whose name begins at a word, "" when none does.
 * @param {Word[]} words
 * @param {number} index
 * @param {number} first the word after its particles
 * @returns {Name["who"] | ""}
 */
function whose(words, index, first) {
  const [before, word] = [words[index - 1], words[first]];
  if (!word || isStop(word) || word.text.length < 2) return "";
  const title = before && TITLES.get(before.folded);
  if (title && isClose(words[index].gap.replace(/^\./, "")) && titled(before, words[index].gap, word)) return title;
  if (isThing(word)) return "";
  const cue = before && CUES.get(before.folded);
  const whole = word.capital && words[first + 1]?.capital; // first name and surname: a comma may stand before
  const near = isClose(words[index].gap) || /^\s?:\s?$/.test(words[index].gap) || (whole && /^,\s$/.test(words[index].gap));
  if (cue && near && word.text.length > 1 && (word.capital || isFirst(word) || isUnknown(word))) return cue;
  const named = before && NAMING.has(before.folded) && near && word.text.length > 2;
  if (named && (word.capital || isFirst(word) || NAMED.has(before.folded) || /^se?$/.test(words[index - 2]?.folded ?? ""))) return "anybody";
  return first === index && isFirst(word) && !isBorne(words, index) ? "anybody" : "";
}

/** @param {Word} title @param {string} gap @param {Word} word */
function titled(title, gap, word) {
  if (word.capital) return title.folded.length > 1 || title.capital || gap.startsWith(".");
  if (title.folded === "me" || title.folded === "pr") return false; // « me » and « pour » are more frequent
  if (title.folded === "m") return gap.startsWith(".") && word.text.length > 2;
  return word.text.length > 2 && (ABBREVIATED.has(title.folded) || isFirst(word) || isUnknown(word));
}

/** A law, a hospital or a street bears the name. @param {Word[]} words @param {number} index */
function isBorne(words, index) {
  return words.slice(Math.max(0, index - 3), index).some(({ folded }) => BEARERS.has(folded));
}

/** Return the first word after particles and initials. @param {Word[]} words @param {number} index */
function skipParticles(words, index) {
  let at = index;
  while (at < words.length - 1) {
    const gap = words[at + 1].gap;
    const opens = words[at].capital || at > index || (TITLES.has(words[index - 1]?.folded ?? "") && words[at + 1].capital);
    const particle = opens && PARTICLES.has(words[at].folded) && /^[ '’]{1,2}$/.test(gap);
    const initial = /^\p{Lu}$/u.test(words[at].text) && /^\.[ -]?$/.test(gap) && words[at + 1].capital && !TITLES.has(words[at].folded);
    if (!particle && !initial) break;
    at += 1;
  }
  return at;
}

/** Go on to the end of a name. @param {Word[]} words @param {number} index its first word */
function lastOf(words, index) {
  let last = index;
  while (last + 1 < words.length && last - index < 4) {
    let next = last + 1;
    while (next < words.length - 1 && next - last < 3 && PARTICLES.has(words[next].folded) && words[next + 1].capital && /^[ '’]{1,2}$/.test(words[next + 1].gap)) next += 1;
    const word = words[next];
    if (!isClose(words[last + 1].gap) || (isThing(word) && word.text.length > 1) || word.text.length < 2) break;
    const small = !words[last].capital && isFirst(words[last]) && word.text.length > 3 && !VERBAL.test(word.folded);
    if (!(word.capital || isFirst(word) || small || isUnknown(word))) break;
    last = next;
  }
  return last;
}
