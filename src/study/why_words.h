/* The sentences about a pair of slots: its reason, and what of the policy would have to be turned. */
#ifndef LS_STUDY_WHY_WORDS_H
#define LS_STUDY_WHY_WORDS_H

#include "study/why_scene.h"

/* Fill the reason and the relaxation; `out` has the limit and the kWh. `moves_needed` is what the home would
 * have to make for the pair to be among them, 0 where that is not known. */
void ls_why_explain_made(const struct ls_why_scene *scene, const struct ls_move *move, struct ls_why *out);
void ls_why_explain_refusal(const struct ls_why_scene *scene, int t, int s, int moves_needed,
                            struct ls_why *out);

#endif
