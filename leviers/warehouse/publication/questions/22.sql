-- D'où vient ce nombre ?
-- Réponse : Le fichier, son empreinte, sa date et sa licence. [Un nombre paraît faux](corrections.md) dit la
--   suite.
-- Piège : L'année de la valeur n'est ni celle du fichier ni celle de son dépôt ; une somme faite de plusieurs
--   fichiers nomme le plus récent.
select
    o.indicateur,
    o.annee,
    o.valeur,
    o.unite,
    f.fichier,
    f.adresse,
    f.empreinte_sha256,
    f.millesime,
    f.licence,
    f.source
from vues.fait_observation as o
inner join vues.fait_source as f using (fichier_id)
where o.territoire_id = 'epci:243100518' and o.indicateur_id = 'social_dwellings'
order by o.annee
