-- Où trouver les passoires et la rénovation ?
-- Réponse : Les indicateurs dont le libellé, ou celui d'un levier auquel ils sont liés, parle de passoires,
--   de rénovation ou de DPE.
-- Piège : Chercher un mot avec ses accents et ses majuscules en manquerait la moitié : `strip_accents` les
--   ôte.
select
    i.indicateur,
    i.unite,
    i.niveaux_avec_valeurs,
    i.premiere_annee,
    i.derniere_annee,
    string_agg(p.levier, ' ; ' order by p.levier) filter (where p.role = 'measure') as leviers_mesures,
    i.source
from vues.dim_indicateur as i
left join vues.pont_levier_indicateur as p using (indicateur_id)
where
    i.a_des_valeurs
    and regexp_matches(
        lower(strip_accents(i.indicateur || ' ' || coalesce(p.levier, ''))), 'passoire|renovation|dpe'
    )
group by all
order by i.indicateur
