-- Quel levier explique l'écart de chaque chantier ?
-- Réponse : Par chantier, le levier dont la lecture conclut au plus grand retard, en ktCO2e par an, la part
--   de ce qui est demandé que des lectures jugent, et tous les leviers en retard.
-- Piège : Un retard qui ne se chiffre pas en ktCO2e est tout de même un retard : faute d'écart, le levier
--   nommé est celui dont la cible est la plus grande. Un chantier sans levier en retard n'est pas un chantier
--   à l'heure : `part_jugee_pct` dit ce dont on ne sait rien.
select
    c.chantier,
    c.leviers,
    c.leviers_juges,
    round(c.demande_ktco2e, 1) as demande_ktco2e,
    round(c.part_jugee_pct, 1) as part_jugee_pct,
    c.levier_plus_en_retard,
    round(c.ecart_du_plus_en_retard_ktco2e, 1) as ecart_ktco2e,
    string_agg(r.levier, ' ; ' order by r.levier) as leviers_en_retard
from vues.fait_chantier as c
left join vues.dim_levier as l on c.chantier_id = l.chantier_id
left join vues.fait_lecture as r
    on
        l.levier_id = r.levier_id
        and c.territoire_id = r.territoire_id
        and r.lecture in ('behind', 'opposite')
where c.territoire_id = 'region:76' and c.leviers_juges > 0
group by all
order by ecart_ktco2e nulls last, c.chantier
