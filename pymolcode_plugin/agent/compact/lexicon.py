"""The words people use for what the step language can say; data only, no reading of requests here."""

from __future__ import annotations

# kind -> {value: phrases}; phrases are regular expressions over lower-case words. Longest match wins.
PHRASES: dict[str, dict[str, str]] = {
    "verb": {
        "color": r"(re)?colou?r(s|ed|ing)?|paint(ed)?|tint|shade",
        "show": r"show|display|draw|render|visuali[sz]e|depict|see|view|represent|add",
        "hide": r"hide|conceal|undisplay|stop showing|(do not|don'?t) show",
        "remove": r"remove|delete|strip( off| out)?|get rid of|discard|drop|erase|eliminate|throw (away|out)|clear",
        "keep": r"keep|retain|should (remain|stay)|leave",
        "select": r"(make|create|define) (a |an )?(new )?selection( of| with| from| for)?|select(ion)?|pick",
        "zoom": r"(zoom|focus)( (in|on|into|onto|to|at))*|close[- ]?up( (of|on))?|go to|take me to",
        "center": r"cent(er|re)( (on|at|the view on))*",
        "orient": r"(re-?)?orient",
        "reset": r"reset( the)?( (view|camera|zoom|orientation))?|zoom (all the way )?out|fit (everything|all)( to| in)?( the)?"
        r"( (screen|window|view))?|(show|see) the whole (molecule|structure|thing|scene)|default view",
        "turn": r"turn|rotate|spin|flip",
        "label": r"label|annotate|write",
        "unlabel": r"(remove|hide|delete|clear|get rid of) (all )?(the )?labels",
        "count": r"how many|count|(the )?(total )?number of",
        "distance": r"how far( apart)?( (are|is))?|(measure|what is|what's)?( the)? ?distances?|measure",
        "angle": r"(measure )?(the )?angle",
        "dihedral": r"(measure )?(the )?(dihedral|torsion)( angle)?",
        "hbonds": r"(h|hydrogen)[- ]?bond(s|ing)?( interactions?)?|polar (contacts?|interactions?)",
        "save": r"save|export|write out|take a (picture|screenshot|snapshot)( of)?",
        "rename": r"rename",
        "extract": r"extract|split( off| out)?|separate",
        "copy": r"copy|duplicate",
        "align": r"align|superpose|superimpose|overlay|overlap|fit",
        "enable": r"enable|turn on|switch on|activate",
        "disable": r"disable|turn off|switch off|deactivate",
        "h_add": r"add (the |all )?(missing )?hydrogens?( atoms?)?|protonate",
        "make": r"make|set|change|turn .{0,3}into|convert( to)?|put|use|want|apply|give",
    },
    "ask": {
        "which": r"which|what(?! is the distance)|what'?s|list|tell( me)?|who|give me",
    },
    "fact": {
        "sequence": r"(amino[- ]acid |protein |primary )?sequences?|fasta",
        "sasa": r"(solvent[- ])?access?ible (surface )?area|sasa|solvent accessible surface area|solvent[- ]accessible area",
        "area": r"(molecular )?surface area",
        "bfactor": r"(average|mean) (b[- ]?factors?|temperature factors?)|(b[- ]?factors?|temperature factors?) (average|mean)",
        "mass": r"molecular (weight|mass)|mass|weight",
        "center": r"cent(er|re) of (mass|geometry)|geometric cent(er|re)|centroid",
        "scene": r"what (is|do (we|i) have) (loaded|open|here|in (the|this) (scene|session))|what is on (the )?screen|loaded",
    },
    "key": {
        "b": r"b[- ]?factors?|temperature factors?|b[- ]?values?|flexibility",
        "chain": r"(by )?chains? (differently|separately|individually)|(each|every) chain (differently|a different colou?r|in a different colou?r"
        r"|its own colou?r|in its own colou?r|separately)|different colou?rs? for (each|every) chain|by chain(s| id)?|chainbow|chain by chain",
        "ss": r"(by )?secondary[- ]struct?ure( elements?)?|by ss|secondary",
        "rainbow": r"rainbow( colou?rs?)?|(from )?n[- ]?(term\w*)?( end)? to c[- ]?(term\w*)( end)?|by (residue )?(number|position|index)",
        "element": r"by (atom|element|atom types?|element types?|heteroatoms?)|cpk|heteroatoms?|element colou?rs?|by atom (type|element)",
        "residue": r"by (residue|amino[- ]acid)( types?| names?)?",
    },
    "rep": {
        "sticks": r"sticks?|licorice",
        "cartoon": r"cartoons?",
        "lines": r"lines?|wireframe",
        "spheres": r"spheres?|space[- ]?fill(ing)?|vdw|balls?",
        "surface": r"(molecular )?surfaces?",
        "mesh": r"mesh(es)?",
        "dots": r"dots?",
        "ribbon": r"ribbons?",
        "nb_spheres": r"nb[_ ]spheres|nonbonded spheres",
        "nonbonded": r"non-?bonded",
        "labels": r"labels?",
        "dashes": r"dash(es|ed lines)",
    },
    "word": {
        "all": r"everything|all|whole|entire|every|molecules?|structures?|complex|model|thing|scene",
        "protein": r"proteins?|polymers?|enzyme|receptor|peptide|protease|polypeptide|macromolecule",
        "nucleic": r"nucleic( acids?)?|dna|rna",
        "ligand": r"ligands?|drugs?|inhibitors?|small molecules?|compounds?|substrates?|cofactors?|organic( molecules?)?",
        "water": r"waters?( molecules?)?|solvents?( molecules?)?|hoh|h2o",
        "metal": r"metals?( ions?)?",
        "ion": r"ions?|salts?",
        "hydrogens": r"hydrogens?( atoms?)?|protons?",
        "helix": r"(alpha[- ])?(helix|helices|helixes|helical( (parts?|regions?))?)",
        "sheet": r"(beta[- ])?(sheets?|strands?)( regions?)?",
        "loop": r"loops?( regions?)?|coils?|turns",
        "hydrophobic": r"(hydrophobic|non-?polar|greasy|apolar)s?",
        "polar": r"polar",
        "charged": r"charged",
        "acidic": r"acidic|negatively[- ]charged|negative|acids",
        "basic": r"basic|positively[- ]charged|positive",
        "aromatic": r"aromatics?",
        "other": r"(all )?(of )?(the )?(others?|rest|remaining|remainder)( of (it|them|the (structure|protein|molecule)))?|everything else|anything else",
        "it": r"it|them|that|those|these|its?|their|this",
    },
    "part": {
        "sidechain": r"side[- ]?chains?( atoms?)?",
        "backbone": r"(back|main)[- ]?(bone|chain)( atoms?)?",
    },
    "unit": {
        "atoms": r"atoms?",
        "residues": r"residues?|amino[- ]?acids?|aas?",
        "chains": r"chains?|subunits?|monomers?",
        "objects": r"objects?",
    },
    "label": {
        "residue": r"residue names? and numbers?|(their |its )?name and (residue )?number|residue (ids?|labels?)",
        "resn": r"residue names?|amino[- ]acid names?|three[- ]letter codes?",
        "number": r"residue (numbers?|index|indices)|numbers?",
        "name": r"atom names?|names?",
    },
    "near": {
        "near": r"with ?in|near(by|est)?|close to|around|surrounding|next to|adjacent to|in (close )?contact with|contact(s|ing)?( with)?"
        r"|touch(es|ing)?|neighbou?r(s|ing)?( (of|to))?|proximity (of|to)|away from|from|interact(s|ing)?( with)?|lin(e|ing)s?|vicinity of|closer than",
    },
    "site": {"site": r"binding (site|pocket)( residues?)?|active site( residues?)?|pocket( residues?)?"},
    "not": {"not": r"but|except( for)?|other than|not|apart from|excluding|besides|without"},
    "only": {"only": r"only|just|alone|nothing else|solely"},
    "prep": {"as": r"as|into|using|in|with|by", "to": r"to|onto|between|against|on|upon"},
    "name_it": {"name_it": r"(and )?(call|name) (it|them|this|that)|(called|named|name it|call it|named as|with the name|naming it)"},
    "background": {"background": r"back ?ground( colou?r)?|bg|canvas|backdrop"},
    "transparency": {"transparency": r"transparen(t|cy)|opacity|see[- ]through"},
    "same": {"same": r"(in |with |the )*same( colou?r| way| thing)?( (for|to|with|on))?|likewise|too|also|as well|again"},
    "instead": {"instead": r"instead|rather|actually"},
    "picture": {"picture": r"pictures?|images?|png|screenshots?|figures?|snapshots?", "pse": r"session|project|pse", "pdb": r"coordinates|pdb( file)?"},
    "two": {"two": r"two|both|the 2|2(?= (asp|ile|chains))"},
    "mean": {"mean": r"average|mean"},
    "new_object": {"new_object": r"(in)?to (a |its )?(new |own |separate )*(object|molecule)|as (a |an )?(new |own |separate )*object"},
    "thin": {
        "stick_radius": r"stick (radius|thickness|width)|thinner|thicker|stick_radius",
        "sphere_scale": r"sphere (scale|size)|smaller|bigger|larger|sphere_scale",
        "line_width": r"line (width|thickness)",
        "cartoon_transparency": r"cartoon (transparency|transparent)|cartoon_transparency",
        "stick_transparency": r"stick transparency", "sphere_transparency": r"sphere transparency",
        "label_size": r"label size|size of the labels|font size",
        "ray_shadows": r"shadows?", "depth_cue": r"depth cue|fog", "orthoscopic": r"orthoscopic|orthographic",
        "cartoon_fancy_helices": r"fancy helices",
    },
    "style": {
        "publication": r"publication([- ](quality|ready))?( (preset|style|look|figure))?",
        "pretty": r"(pretty|nice|beautiful)( (preset|style|look))?",
        "simple": r"simple( (preset|style|look))?", "ballandstick": r"ball[- ]and[- ]sticks?|ball[- ]?&?[- ]?stick|balls and sticks",
        "default": r"default (preset|style|look|representation)",
    },
    "axis_word": {"x": r"(the )?x([- ]axis)?", "y": r"(the )?(y|vertical)([- ]axis)?", "z": r"(the )?z([- ]axis)?"},
    "conj": {"and": r"and then|and also|and|then|plus|while|after that|afterwards"},
    "filler": {
        "": r"the|a|an|please|pls|could|can|you|would|i|we|me|my|us|i'?d|like|for|of|is|are|was|be|do|does|have|has|had|there|here|now|ok(ay)?"
        r"|so|that|which|at|up|out|all of|some|kind of|say|about|roughly|let'?s|let|need|should|any|each|located|found|present|colou?rs?"
        r"|kindly|just the|hey|if|possible|where|type|style|representation|mode|form|atom|degrees?|deg|axis|file|percent|%|termin(us|al|i)|parts?|"
        r"regions?|shown|loaded|it'?s|exactly|around the|current|new|quality|preset|value|id|identity|in total|radius|different|differently|own|end|size|"
        r"contain(s|ing)?|comprise[sd]?|made|names?|called|named|letter|code|visible|residues?|chain|object|selection|two|both|measurements?|set|list|spheres? of",
    },
}  # fmt: skip

REFUSALS: dict[str, str] = {
    "docking": r"\bdock(ing|ed)?\b|\bbinding (affinity|energy)\b|\bvirtual screen",
    "simulation": r"\bsimulat|\bmolecular dynamics\b|\bmd (run|simulation)|\bminimi[sz]e\b|\bnanoseconds?\b|\b\d+ ?ns\b",
    "prediction": r"\bpredict|\balphafold\b|\bfold (this|the|it)\b|\bhomology model|\bdiscover\b",
    "design": r"\bdesign (a|an|me|new)\b|\bsynthesi[sz]e\b",
}
GREETING = r"(hi|hello|hey|hiya|good (morning|afternoon|evening)|greetings)( there| pymol\w*| you)?[!. ]*"
ABILITIES = r".*\b(what (can|could|do) you( do)?|what are you|who are you|help me|how do i use you|your (abilities|capabilities))\b.*|help[!?. ]*"
THANKS = r"(thanks?( you)?|thx|cheers|great|perfect|nice|cool|well done|ok(ay)?)([ ,!.]*(thanks?( you)?|so much|a lot|very much|job|work))*[!. ]*"
UNDO = r"(please )?(undo|revert|take back|go back)( (that|this|it|the last (step|change|one|thing)|last|my last change))*[!. ]*"

AMINO_ACIDS: dict[str, str] = {
    "ALA": r"ala(nines?)?", "ARG": r"arg(inines?)?", "ASN": r"asn|asparagines?", "ASP": r"asp|aspartates?|aspartic acids?",
    "CYS": r"cys(teines?)?", "GLN": r"gln|glutamines?", "GLU": r"glu|glutamates?|glutamic acids?", "GLY": r"gly(cines?)?",
    "HIS": r"his(tidines?)?", "ILE": r"ile|isoleucines?", "LEU": r"leu(cines?)?", "LYS": r"lys(ines?)?",
    "MET": r"met(hionines?)?", "PHE": r"phe(nylalanines?)?", "PRO": r"pro(lines?)?", "SER": r"ser(ines?)?",
    "THR": r"thr(eonines?)?", "TRP": r"trp|tryptophans?", "TYR": r"tyr(osines?)?", "VAL": r"val(ines?)?",
}  # fmt: skip
ONE_LETTER = dict(zip("ARNDCQEGHILKMFPSTWYV",
                      "ALA ARG ASN ASP CYS GLN GLU GLY HIS ILE LEU LYS MET PHE PRO SER THR TRP TYR VAL".split(), strict=True))  # fmt: skip  # noqa: SIM905
ATOM_NAMES = frozenset(
    "CA CB CG CG1 CG2 CD CD1 CD2 CE CE1 CE2 CE3 CZ CZ2 CZ3 CH2 ND1 ND2 NE NE1 NE2 NH1 NH2 NZ OD1 OD2 OE1 OE2 OG OG1"
    " OH SD SG OXT N C O".split()
)
ELEMENTS: dict[str, str] = {
    "C": r"carbons?( atoms?)?", "N": r"nitrogens?( atoms?)?", "O": r"oxygens?( atoms?)?", "S": r"sul(f|ph)urs?( atoms?)?",
    "P": r"phosphor(us|ous)( atoms?)?",
}  # fmt: skip
COLORS: tuple[str, ...] = (
    "red", "green", "blue", "yellow", "magenta", "cyan", "orange", "white", "black", "grey", "pink", "salmon", "purple",
    "violet", "slate", "hotpink", "teal", "olive", "wheat", "forest", "marine", "deepblue", "lime", "limegreen", "gold",
    "brown", "deepsalmon", "lightblue", "lightpink", "palegreen", "palecyan", "lightorange", "paleyellow", "bluewhite",
    "firebrick", "ruby", "raspberry", "warmpink", "deeppurple", "lightmagenta", "density", "skyblue", "sand", "chocolate",
    "deepteal", "greencyan", "aquamarine", "chartreuse", "splitpea", "smudge", "brightorange", "yelloworange", "tv_red",
    "tv_green", "tv_blue", "tv_orange", "tv_yellow", "grey10", "grey20", "grey30", "grey40", "grey50", "grey60", "grey70",
    "grey80", "grey90",
)  # fmt: skip
COLOR_PHRASES: dict[str, str] = {
    "gray": "grey", "dark blue": "deepblue", "navy": "deepblue", "light blue": "lightblue", "dark green": "forest",
    "light green": "palegreen", "light grey": "grey80", "light gray": "grey80", "dark grey": "grey30", "dark gray": "grey30",
    "light pink": "lightpink", "hot pink": "hotpink", "sky blue": "skyblue", "lime green": "limegreen", "turquoise": "teal",
    "light orange": "lightorange", "dark red": "firebrick", "light yellow": "paleyellow", "fuchsia": "magenta", "aqua": "cyan",
    "crimson": "firebrick", "beige": "wheat",
}  # fmt: skip
COLOR_VALUES: dict[str, str] = {"gold": "yelloworange"}  # a name people use that this PyMOL does not know
