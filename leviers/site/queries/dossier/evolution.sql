-- What the series of a territory did between their last two years, what is to be told before what is to be checked.
select
    moved.territoire_id,
    moved.levier_id,
    moved.levier,
    moved.levier_id in (select readings.levier_id from vues.fait_lecture as readings) as a_une_page,
    moved.indicateur,
    moved.unite,
    moved.premiere_annee,
    moved.premiere_valeur,
    moved.annee_precedente,
    moved.valeur_precedente,
    moved.annee,
    moved.valeur,
    moved.variation,
    moved.doute,
    moved.est_a_verifier
from vues.fait_evolution as moved
left join vues.fait_part as shares using (territoire_id, levier_id)
qualify
    row_number() over (
        partition by moved.territoire_id, moved.indicateur_id order by shares.part_ktco2e desc nulls last, moved.levier_id ASC
    ) = 1
order by moved.territoire_id ASC, moved.est_a_verifier ASC, shares.part_ktco2e desc nulls last, moved.levier_id ASC, moved.indicateur ASC
