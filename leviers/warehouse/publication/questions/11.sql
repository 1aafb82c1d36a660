-- Qui ressemble à mon intercommunalité, et où se situe-t-elle ?
-- Réponse : Ses dix semblables, par la taille, la densité et le type, la valeur de chacun, puis la sienne et
--   leur médiane, les mêmes sur chaque ligne. Rang 1 : la plus grande. Le lien `limitrophe` donne
--   les voisines.
-- Piège : Comparer des totaux classerait les territoires par leur taille : la valeur est ici rapportée aux
--   habitants ou aux km².
select
    s.rang,
    s.voisin as semblable,
    s.population,
    v.annee as annee_du_semblable,
    round(v.valeur, 1) as valeur_du_semblable,
    c.annee as mon_annee,
    round(c.valeur, 1) as ma_valeur,
    round(c.mediane_semblables, 1) as mediane_semblables,
    c.rang_parmi_semblables as mon_rang,
    c.unite
from vues.pont_territoire_voisin as s
inner join vues.fait_comparaison as c using (territoire_id)
left join
    vues.fait_valeur_comparee as v
    on s.voisin_id = v.territoire_id and c.indicateur_id = v.indicateur_id
where s.territoire_id = 'epci:243100518' and s.lien = 'semblable' and c.indicateur_id = 'social_dwellings'
order by s.rang
