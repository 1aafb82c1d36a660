-- Changes of a territory's series between their last two years; changes to tell come before changes to check.
select
    moved.territoire_id,
    moved.levier_id,
    moved.levier,
    moved.levier_id in (select readings.levier_id from vues.fait_lecture as readings) as a_une_page,
    moved.indicateur,
    vues.echelle(moved.unite, greatest(abs(moved.valeur_precedente), abs(moved.valeur))) as echelle,
    moved.annee_precedente,
    moved.valeur_precedente,
    moved.annee,
    moved.valeur,
    moved.variation,
    moved.doute,
    moved.est_a_verifier
from vues.fait_ordre as ranks
inner join vues.fait_evolution as moved
    on
        ranks.territoire_id = moved.territoire_id
        and ranks.levier_id = moved.levier_id
        and ranks.indicateur_id = moved.indicateur_id
where ranks.sujet = 'evolution'
order by moved.territoire_id asc, ranks.rang asc
