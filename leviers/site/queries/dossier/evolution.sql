-- Changes of a territory's series between their last two years, each under the lever of which most is asked. Changes to
-- tell come before changes to check; then those of the latest year of a lever come first.
with moved as (
    select
        moves.*,
        max(shares.part_ktco2e) over (partition by moves.territoire_id, moves.levier_id) as part_ktco2e
    from vues.fait_evolution as moves
    left join vues.fait_part as shares
        on moves.levier_id = shares.levier_id and moves.territoire_id = shares.territoire_id
    qualify
        row_number() over (
            partition by moves.territoire_id, moves.indicateur_id
            order by shares.part_ktco2e desc nulls last, moves.levier_id asc
        ) = 1
)

select
    moved.territoire_id,
    moved.levier_id,
    moved.levier,
    moved.levier_id in (select readings.levier_id from vues.fait_lecture as readings) as a_une_page,
    moved.indicateur,
    coalesce(series.indicateur_court, moved.indicateur) as nom,
    vues.echelle(moved.unite, greatest(abs(moved.valeur_precedente), abs(moved.valeur))) as echelle,
    vues.echelle(moved.unite, moved.variation) as echelle_variation,
    moved.annee_precedente,
    moved.valeur_precedente,
    moved.annee,
    moved.valeur,
    moved.variation,
    moved.doute,
    moved.est_a_verifier,
    row_number() over (
        partition by moved.territoire_id
        order by
            moved.est_a_verifier asc,
            moved.est_la_plus_recente desc,
            moved.annee desc,
            moved.part_ktco2e desc nulls last,
            moved.levier_id asc,
            moved.indicateur_id asc
    ) as rang
from moved
inner join vues.dim_indicateur as series on moved.indicateur_id = series.indicateur_id
order by moved.territoire_id asc, rang asc
